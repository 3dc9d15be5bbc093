//! Tags in HTML, found by a tokenizer that is independent of the code that generated it.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};

/// Tags of an HTML fragment in order.
#[derive(Default)]
pub(super) struct Tags {
    /// Opening and closing tags.
    pub(super) all: Vec<Tag>,
    /// Number of comments and declarations.
    pub(super) others: usize,
}

/// Tokenizes `html`.
pub(super) fn tags(html: &str) -> Tags {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Collector::default(), Default::default());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner()
}

/// Returns the value of an attribute.
pub(super) fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs
        .iter()
        .find(|it| &*it.name.local == name)
        .map(|it| &*it.value)
}

/// Returns `true` if every tag is closed in the correct order: such a fragment cannot affect the
/// page around it.
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
