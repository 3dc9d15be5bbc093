//! Text with a size limit for comments and issues, which are truncated with a note.

/// Maximum size in bytes. GitHub refuses a comment or an issue beyond 65,536 characters, and a text
/// never has fewer bytes than characters.
pub(super) const MOST: usize = 60_000;

/// Share of a part that is followed by further parts.
pub(super) const HALF: usize = MOST / 2;

/// Share of a part that readers only skim.
pub(super) const EIGHTH: usize = MOST / 8;

/// Bytes reserved for the note at the end.
const RESERVED: usize = 500;

/// Text that grows up to its limit.
pub(super) struct BoundedText {
    text: String,
    end: String,
    /// Note about the place of the full text.
    elsewhere: String,
    is_cut: bool,
}

impl BoundedText {
    /// Creates an empty text with space reserved for `end`. `elsewhere` is the note about the place
    /// of the full text, used if the text is truncated.
    pub(super) fn before(end: String, elsewhere: String) -> BoundedText {
        BoundedText {
            text: String::new(),
            end,
            elsewhere,
            is_cut: false,
        }
    }

    /// Returns the maximum number of bytes before the end.
    fn most(&self) -> usize {
        MOST.saturating_sub(RESERVED + self.end.len())
    }

    /// Adds `piece` completely or not at all.
    pub(super) fn put(&mut self, piece: &str) -> bool {
        let fits = self.text.len() + piece.len() <= self.most();
        if fits {
            self.text.push_str(piece);
        }
        self.is_cut |= !fits;
        fits
    }

    /// Adds `head` and as many `rows` as fit into `most` bytes, and the number of omitted rows.
    /// `what` names the rows.
    pub(super) fn list(&mut self, head: &str, rows: &[String], what: &str, most: usize) {
        if rows.is_empty() || !self.put(head) {
            return;
        }
        let end = (self.text.len() + most).min(self.most());
        for (index, row) in rows.iter().enumerate() {
            // One line is reserved for the count of omitted rows.
            let is_last = index + 1 == rows.len();
            let needs = row.len() + if is_last { 0 } else { 100 };
            if self.text.len() + needs > end {
                self.text.push_str(&format!(
                    "\n{} {what} are left out here.\n",
                    rows.len() - index
                ));
                self.is_cut = true;
                return;
            }
            self.text.push_str(row);
        }
    }

    /// Returns the text with its end, and with the note if it is truncated.
    pub(super) fn finish(mut self) -> String {
        if self.is_cut && !self.elsewhere.is_empty() {
            self.text.push_str(&format!("\n{}\n", self.elsewhere));
        }
        self.text.push_str(&self.end);
        self.text
    }
}
