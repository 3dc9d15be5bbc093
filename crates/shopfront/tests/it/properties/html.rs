//! Which tags stand in a piece of HTML, told by a tokenizer that knows nothing of how the piece was
//! made.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};

/// The tags of a piece of HTML, in its order.
#[derive(Default)]
pub(super) struct Tags {
    /// Opening and closing ones.
    pub(super) all: Vec<Tag>,
    /// Comments and declarations.
    pub(super) others: usize,
}

/// Reads `html`.
pub(super) fn tags(html: &str) -> Tags {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Collector::default(), Default::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// The value of an attribute.
pub(super) fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs
        .iter()
        .find(|it| &*it.name.local == name)
        .map(|it| &*it.value)
}

/// Whether every tag is closed, and closes what was opened last: such a piece can not break out of
/// where it stands.
pub(super) fn is_balanced(tags: &[Tag]) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags {
        let name = &*tag.name;
        let is_right = match tag.kind {
            TagKind::StartTag if matches!(name, "br" | "hr") => true,
            TagKind::StartTag => {
                open.push(name);
                true
            }
            TagKind::EndTag => open.pop() == Some(name),
        };
        if !is_right {
            return false;
        }
    }
    open.is_empty()
}

#[derive(Default)]
struct Collector(RefCell<Tags>);

impl TokenSink for Collector {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut tags = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => tags.all.push(tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => tags.others += 1,
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
