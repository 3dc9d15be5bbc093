//! Parser for untrusted Markdown. It rejects texts whose blocks nest so deeply that the parsing
//! time would be quadratic in the length.

pub mod readme;
use pulldown_cmark::{Options, Parser};

/// Error for blocks that nest too deeply for the length of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooDeep;

/// Maximum number of visits of open blocks per byte of a text. Few real descriptions have more
/// than one.
const VISITS_PER_BYTE: usize = 16;
/// Number of visits that every text may cost.
const VISITS: usize = 1 << 20;

/// Returns a parser of `text`.
///
/// # Errors
/// Returns an error if the text costs too many visits.
pub fn parser(text: &str, options: Options) -> Result<Parser<'_>, TooDeep> {
    let most = VISITS + text.len().saturating_mul(VISITS_PER_BYTE);
    if visits(text) > most {
        Err(TooDeep)
    } else {
        Ok(Parser::new_ext(text, options))
    }
}

/// Returns an upper bound of the visits of open quotes and lists that parsing `text` costs. The
/// parser visits all of them for every line, including lines that omit their marks (lazy lines in
/// CommonMark).
fn visits(text: &str) -> usize {
    let lines = text
        .split('\n')
        .flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'));
    let (mut open, mut sum, mut follows_blank) = (0_usize, 0_usize, true);
    for line in lines {
        let Marks { blocks, is_all } = Marks::of(line);
        sum = sum.saturating_add(open.max(blocks));
        // After a paragraph, blocks stay open without their marks, and so do lists on an empty
        // line.
        open = if follows_blank && !is_all {
            blocks
        } else {
            open.max(blocks)
        };
        follows_blank = is_all;
    }
    sum
}

/// Marks before the text of a line.
struct Marks {
    /// Maximum number of blocks that the line may continue or begin. Two for the mark of a list,
    /// and for two columns of indentation, which continue one.
    blocks: usize,
    /// `true` if the line has no text.
    is_all: bool,
}

impl Marks {
    fn of(line: &str) -> Marks {
        let is_mark = |byte: &u8| {
            matches!(
                byte,
                b' ' | b'\t' | b'>' | b'*' | b'+' | b'-' | b'.' | b')' | b'0'..=b'9'
            )
        };
        let marks = line.bytes().take_while(is_mark);
        let blocks = marks.clone().map(|byte| match byte {
            b'\t' => 4,
            b' ' => 1,
            b'0'..=b'9' => 0,
            _ => 2,
        });
        Marks {
            blocks: blocks.sum(),
            is_all: marks.count() == line.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{VISITS, VISITS_PER_BYTE, visits};

    fn most(text: &str) -> usize {
        VISITS + text.len() * VISITS_PER_BYTE
    }

    #[test]
    fn deep_blocks_before_very_many_lines_are_too_dear() {
        let n = 20_000;
        for marks in ["> ", ">", "- ", "1. ", "> - ", "+ * "] {
            for line in ["a\n", ">\n", "- \n"] {
                let text = marks.repeat(n) + "a\n" + &line.repeat(n);
                assert!(visits(&text) > most(&text), "{marks}{line}");
                let text = text.replace('\n', "\r\n");
                assert!(
                    visits(&text) > most(&text),
                    "{marks}{line}, with two characters at the end of lines"
                );
            }
        }
    }

    #[test]
    fn what_people_write_is_not() {
        let list: String = (0..12)
            .map(|level| format!("{}- item {level}\n", "  ".repeat(level)))
            .collect();
        let texts = [
            list.repeat(2_000),
            format!("> > > > quoted\n{}", "and on and on\n".repeat(20_000)),
            format!("- list\n\n      {}\n", "    deep = code()\n".repeat(20_000)),
            "------------------------------------------------------------------------\nwords\n"
                .repeat(10_000),
            format!("- a\n{}", "\n".repeat(200_000)),
        ];
        for text in texts {
            assert!(
                visits(&text) < most(&text),
                "{} visits for {} bytes",
                visits(&text),
                text.len()
            );
        }
    }
}
