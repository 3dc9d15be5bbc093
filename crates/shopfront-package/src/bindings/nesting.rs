//! How deeply a source nests, told from its tokens before anything recursive sees it.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Blocks within blocks; Python itself takes 100.
const DEEPEST_BLOCK: usize = 100;

/// What an expression may be deep. Handwritten ones stay below a hundred; a sum of a thousand terms
/// is a tree as deep.
const DEEPEST_EXPRESSION: usize = 4000;

/// Whether the tree of `source` is one that may be walked.
///
/// A token nests an expression by one level at most, and a comma goes back to the level at which
/// its brackets began, but for the parameters of a lambda. So what counts is the tokens since the
/// last comma, for all brackets that are open.
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
            // Texts that follow each other are one text, in one node.
            TokenKind::Comment | TokenKind::NonLogicalNewline | TokenKind::String => {}
            kind => open.count(kind),
        }
        if blocks > DEEPEST_BLOCK || open.depth > DEEPEST_EXPRESSION {
            return false;
        }
    }
}

/// The brackets that are open, and what was counted within each.
#[derive(Default)]
struct Open {
    levels: Vec<Level>,
    current: Level,
    /// All that was counted within brackets that are open.
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
