//! Visibility of characters to readers: the only check of this for untrusted texts in any
//! document.
//!
//! Unicode's own properties decide, so that no list of code points is maintained here. Some
//! hidden characters do visible work in one position: a joiner between Persian letters, the
//! selector after an emoji. They are accepted only there.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::CharIndices;

use icu_properties::props::{
    BidiControl, BinaryProperty, DefaultIgnorableCodePoint, Emoji, EmojiModifier,
    ExtendedPictographic, GeneralCategory, IndicSyllabicCategory, JoiningType, LineBreak,
    PrependedConcatenationMark, Script, UnifiedIdeograph,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::char::decompose_canonical;

/// Maximum number of nonspacing marks on one letter. UTS 39, section 5.4, forbids longer
/// sequences. 30 (UAX 15, Stream-Safe Text) is a limit for buffers, and covers three lines of a
/// page. Vietnamese needs 2, Thai 2, pointed Hebrew and Arabic up to 4.
pub const MAX_MARKS: usize = 4;

/// Signs with an empty shape that no property of Unicode tells apart: the blank pattern of Braille,
/// a note without a head, the filler of Khitan, the blanks between hieroglyphs, and the place of an
/// object that a text cannot have.
const EMPTY: &[char] = &[
    '\u{2800}',
    '\u{1d159}',
    '\u{16fe4}',
    '\u{13441}',
    '\u{13442}',
    '\u{fffc}',
];
/// Marks without a shape of their own: they change the letter before them, of their script alone.
const SHAPELESS: &[char] = &['\u{1bc9d}', '\u{2d7f}'];

const ZERO_WIDTH_SPACE: char = '\u{200b}';
const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';
const BLACK_FLAG: char = '\u{1f3f4}';

/// Tags after [`BLACK_FLAG`] in the flags that Unicode recommends: England, Scotland, Wales.
/// Every other tag sequence is displayed as the flag alone, and could therefore hide a text.
const FLAGS: &[&str] = &[
    "\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}",
    "\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}",
];

/// Character that readers cannot see or recognize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// Byte offset in the text.
    pub at: usize,
    /// Hidden character.
    pub character: char,
    /// Reason why it is hidden.
    pub kind: HiddenKind,
}

/// Reason why readers do not see a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiddenKind {
    /// Control character or line end, which terminals interpret.
    Control,
    /// Changes the direction of the text around it (UAX 9).
    Bidirectional,
    /// Has no shape in its position.
    Invisible,
    /// Private use: every system displays something else, most display nothing.
    Private,
    /// Unassigned in Unicode.
    Unassigned,
    /// Mark beyond [`MAX_MARKS`], repetition of the previous mark, or mark without a letter.
    Mark,
}

impl Hidden {
    /// Returns `true` for characters of multi-line texts: line feeds, carriage returns and tabs.
    pub fn ends_or_indents(self) -> bool {
        matches!(self.character, '\n' | '\r' | '\t')
    }
}

/// Returns the first hidden character of `text`. Nearly every text is ASCII, for which this is
/// fast.
pub fn first_hidden(text: &str) -> Option<Hidden> {
    if is_plain_ascii(text) {
        None
    } else {
        hidden(text).next()
    }
}

/// Returns the hidden characters of `text` in order. After their removal, a text has none.
pub fn hidden(text: &str) -> impl Iterator<Item = Hidden> + '_ {
    Scan {
        text,
        rest: text.char_indices().peekable(),
        base: None,
        previous: None,
        marks: 0,
        last_mark: None,
        flag_end: 0,
    }
}

/// Replaces each hidden character of `text` by the result of `with`; `None` keeps it. Borrowed if
/// all are kept.
pub fn replaced(text: &str, with: impl Fn(Hidden) -> Option<&'static str>) -> Cow<'_, str> {
    if is_plain_ascii(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut end = 0;
    for (it, new) in hidden(text).filter_map(|it| Some((it, with(it)?))) {
        out.push_str(&text[end..it.at]);
        out.push_str(new);
        end = it.at + it.character.len_utf8();
    }
    if end == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[end..]);
    Cow::Owned(out)
}

/// Returns `true` for printable ASCII, as nearly all texts are.
pub(super) fn is_plain_ascii(text: &str) -> bool {
    // No early exit: without a branch in its body, the loop processes sixteen bytes at once.
    text.bytes().fold(true, |is_plain, byte| {
        is_plain & (0x20..0x7f).contains(&byte)
    })
}

/// One pass over a text. A hidden character does not affect the state, so that removing hidden
/// characters hides no others.
struct Scan<'t> {
    text: &'t str,
    rest: Peekable<CharIndices<'t>>,
    /// Last visible character that is not a mark.
    base: Option<char>,
    /// Last visible character, or the joiner in its position.
    previous: Option<char>,
    /// Marks on `base`, as counted by canonical decomposition.
    marks: usize,
    last_mark: Option<char>,
    /// End of the tags of a flag.
    flag_end: usize,
}

impl Iterator for Scan<'_> {
    type Item = Hidden;

    fn next(&mut self) -> Option<Hidden> {
        while let Some((at, character)) = self.rest.next() {
            match self.kind(at, character) {
                Some(kind) => {
                    return Some(Hidden {
                        at,
                        character,
                        kind,
                    });
                }
                None => self.previous = Some(character),
            }
        }
        None
    }
}

impl Scan<'_> {
    fn kind(&mut self, at: usize, character: char) -> Option<HiddenKind> {
        if (' '..='~').contains(&character) {
            self.stand(character);
            return None;
        }
        let category = CodePointMapData::<GeneralCategory>::new().get(character);
        match category {
            GeneralCategory::Control
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator => {
                // The next character starts a new line, or follows the blank that replaces this
                // character.
                (self.base, self.marks, self.last_mark) = (None, 0, None);
                return Some(HiddenKind::Control);
            }
            _ if is::<BidiControl>(character) => return Some(HiddenKind::Bidirectional),
            _ if is::<DefaultIgnorableCodePoint>(character) => {
                return (!self.is_in_its_place(at, character)).then_some(HiddenKind::Invisible);
            }
            GeneralCategory::Format if !is::<PrependedConcatenationMark>(character) => {
                return Some(HiddenKind::Invisible);
            }
            GeneralCategory::PrivateUse => return Some(HiddenKind::Private),
            // Reserved for future emoji, which newer systems display.
            GeneralCategory::Unassigned if !is::<ExtendedPictographic>(character) => {
                return Some(HiddenKind::Unassigned);
            }
            _ if EMPTY.contains(&character) && !self.is_braille(character) => {
                return Some(HiddenKind::Invisible);
            }
            _ if is_shapeless(character) && !self.follows_its_script(character) => {
                return Some(HiddenKind::Invisible);
            }
            GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark => {
                return (!self.bear(character)).then_some(HiddenKind::Mark);
            }
            _ => {}
        }
        self.stand(character);
        if character == BLACK_FLAG {
            let behind = at + character.len_utf8();
            let tags = FLAGS
                .iter()
                .find(|tags| self.text[behind..].starts_with(**tags));
            self.flag_end = tags.map_or(0, |tags| behind + tags.len());
        }
        None
    }

    /// Starts a new letter, with the marks that are part of it.
    fn stand(&mut self, character: char) {
        // A blank takes no mark: joining texts removes the blank, and the mark would apply to
        // another letter.
        self.base = Some(character).filter(|it| !it.is_whitespace());
        (self.marks, self.last_mark) = (0, None);
        if !character.is_ascii() {
            for part in parts(character).filter(|part| is_mark(*part)) {
                self.marks += 1;
                self.last_mark = Some(part);
            }
        }
    }

    /// Adds a mark to the letter; returns `false` if it takes no more, or no such mark.
    fn bear(&mut self, mark: char) -> bool {
        let first = parts(mark).next().unwrap_or(mark);
        let count = parts(mark).filter(|part| is_mark(*part)).count();
        if self.base.is_none() || self.marks + count > MAX_MARKS || self.last_mark == Some(first) {
            return false;
        }
        self.marks += count;
        self.last_mark = parts(mark).last();
        true
    }

    /// Returns `true` if a character without a shape of its own does visible work here.
    fn is_in_its_place(&mut self, at: usize, character: char) -> bool {
        let next = self.rest.peek().map(|(_, next)| *next);
        let (Some(base), Some(previous)) = (self.base, self.previous) else {
            return false;
        };
        match character {
            _ if at < self.flag_end => true,
            // No two joiners in a row: the second one has no effect.
            JOINER | NON_JOINER
                if is::<DefaultIgnorableCodePoint>(previous) && !is_selector(previous) =>
            {
                false
            }
            JOINER if is::<ExtendedPictographic>(base) || is::<EmojiModifier>(base) => {
                next.is_some_and(is::<ExtendedPictographic>)
            }
            JOINER | NON_JOINER => joins(base),
            // Of ASCII, only keycaps are emoji: `1`, a selector, and the enclosing keycap.
            '\u{fe0f}' if previous.is_ascii() => is::<Emoji>(previous) && next == Some(KEYCAP),
            '\u{fe0e}' | '\u{fe0f}' => is::<Emoji>(previous) && !previous.is_ascii(),
            // Variants of ideographs, which names of persons and places need (UTS 37).
            '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => is::<UnifiedIdeograph>(previous),
            '\u{180b}'..='\u{180f}' => {
                is_of(previous, Script::Mongolian) && previous.is_alphabetic()
            }
            // End of a word in scripts that do not mark it.
            ZERO_WIDTH_SPACE => {
                is_without_spaces(previous)
                    && next.is_some_and(|it| {
                        is_without_spaces(it) && it.is_alphabetic() && !is_mark(it)
                    })
            }
            _ => false,
        }
    }

    /// Returns `true` behind a letter of the same script, with at most its own marks between.
    fn follows_its_script(&self, character: char) -> bool {
        let script = CodePointMapData::<Script>::new().get(character);
        self.base.is_some_and(|base| is_of(base, script))
    }

    /// Returns `true` for a blank within Braille, which is its space.
    fn is_braille(&self, character: char) -> bool {
        is_of(character, Script::Braille)
            && self.base.is_some_and(|base| is_of(base, Script::Braille))
    }
}

fn is<P: BinaryProperty>(character: char) -> bool {
    CodePointSetData::new::<P>().contains(character)
}

fn is_of(character: char, script: Script) -> bool {
    CodePointMapData::<Script>::new().get(character) == script
}

/// Returns `true` for a letter of a script whose letters join or form clusters, the purpose of
/// joiners.
fn joins(character: char) -> bool {
    let is_joining = |kind| {
        matches!(
            kind,
            JoiningType::DualJoining | JoiningType::RightJoining | JoiningType::LeftJoining
        )
    };
    let forms_clusters = |kind| kind != IndicSyllabicCategory::Other;
    character.is_alphabetic()
        && (is_joining(CodePointMapData::<JoiningType>::new().get(character))
            || forms_clusters(CodePointMapData::<IndicSyllabicCategory>::new().get(character)))
}

/// Returns `true` for marks that only change the letters around them, and show nothing by
/// themselves.
fn is_shapeless(character: char) -> bool {
    let category = CodePointMapData::<IndicSyllabicCategory>::new().get(character);
    SHAPELESS.contains(&character)
        || matches!(
            category,
            IndicSyllabicCategory::InvisibleStacker | IndicSyllabicCategory::NumberJoiner
        )
}

fn is_without_spaces(character: char) -> bool {
    CodePointMapData::<LineBreak>::new().get(character) == LineBreak::ComplexContext
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}')
}

fn is_mark(character: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    matches!(
        category,
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
    )
}

/// Returns the canonical decomposition of `character`, which has at most four parts.
fn parts(character: char) -> impl DoubleEndedIterator<Item = char> {
    let mut parts = [None; 4];
    let mut free = parts.iter_mut();
    decompose_canonical(character, |part| {
        if let Some(place) = free.next() {
            *place = Some(part);
        }
    });
    parts.into_iter().flatten()
}
