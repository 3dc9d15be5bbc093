//! Nesting depth of a source, computed from its tokens before recursive code processes it.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Maximum number of nested blocks; Python itself accepts 100.
const DEEPEST_BLOCK: usize = 100;

/// Maximum depth of an expression. Handwritten ones stay below 100; a sum of 1000 terms is a tree
/// of that depth.
const DEEPEST_EXPRESSION: usize = 4000;

/// Returns `true` if the tree of `source` may be traversed.
///
/// A token adds at most one level to an expression. A comma returns to the level at which its
/// brackets began, except in the parameters of a lambda. The result is therefore the number of
/// tokens since the last comma, summed over all open brackets.
pub(super) fn is_bearable(source: &str) -> bool {
    let mut lexer = lexer::lex(source, Mode::Module);
    let mut blocks = 0_usize;
    let mut open = Open::default();
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return true,
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Newline => open = Open::default(),
            // Adjacent string literals are one string, in one node.
            TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::String => {}
            kind => open.count(kind),
        }
        if blocks > DEEPEST_BLOCK || open.depth > DEEPEST_EXPRESSION {
            return false;
        }
    }
}

/// Open brackets, with the count within each.
#[derive(Default)]
struct Open {
    levels: Vec<Level>,
    current: Level,
    /// Total count within open brackets.
    depth: usize,
}

#[derive(Clone, Copy, Default)]
struct Level {
    tokens: usize,
    lambdas: usize,
}

impl Open {
    fn count(&mut self, kind: TokenKind) {
        match kind {
            TokenKind::Comma => {
                self.depth -= self.current.tokens - self.current.lambdas;
                self.current.tokens = self.current.lambdas;
                return;
            }
            TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace => {
                if let Some(outer) = self.levels.pop() {
                    self.depth -= self.current.tokens;
                    self.current = outer;
                }
                return;
            }
            TokenKind::Lambda => self.current.lambdas += 1,
            _ => {}
        }
        self.current.tokens += 1;
        self.depth += 1;
        if matches!(kind, TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace) {
            self.levels.push(std::mem::take(&mut self.current));
        }
    }
}
