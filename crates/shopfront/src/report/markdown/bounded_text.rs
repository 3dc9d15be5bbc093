//! How much a comment or an issue may hold, and what happens when that is not enough.

/// GitHub refuses a comment or an issue beyond 65,536 characters. Bytes are counted: they are never
/// fewer.
pub(super) const MOST: usize = 60_000;

/// The share of a part behind which others still have to be told.
pub(super) const HALF: usize = MOST / 2;

/// The share of a part that is only looked over.
pub(super) const EIGHTH: usize = MOST / 8;

/// What is kept for the last words.
const RESERVED: usize = 500;

/// A text that grows as long as there is room.
pub(super) struct BoundedText {
    text: String,
    end: String,
    /// Where all of it is.
    elsewhere: String,
    is_cut: bool,
}

impl BoundedText {
    /// An empty text, for which `end` is kept; `elsewhere` says where all of it is, when something
    /// has no room.
    pub(super) fn before(end: String, elsewhere: String) -> BoundedText {
        BoundedText {
            text: String::new(),
            end,
            elsewhere,
            is_cut: false,
        }
    }

    /// How many bytes may stand before the end.
    fn most(&self) -> usize {
        MOST.saturating_sub(RESERVED + self.end.len())
    }

    /// Adds `piece`, whole or not at all.
    pub(super) fn put(&mut self, piece: &str) -> bool {
        let fits = self.text.len() + piece.len() <= self.most();
        if fits {
            self.text.push_str(piece);
        }
        self.is_cut |= !fits;
        fits
    }

    /// Adds `head` and as many of `rows` as fit into `most` bytes, and says how many of them,
    /// `what`, are left out.
    pub(super) fn list(&mut self, head: &str, rows: &[String], what: &str, most: usize) {
        if rows.is_empty() || !self.put(head) {
            return;
        }
        let end = (self.text.len() + most).min(self.most());
        for (index, row) in rows.iter().enumerate() {
            // One line stays free for the count of those that do not fit.
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

    /// The text with its end; where something is missing, it says where all of it is.
    pub(super) fn finish(mut self) -> String {
        if self.is_cut && !self.elsewhere.is_empty() {
            self.text.push_str(&format!("\n{}\n", self.elsewhere));
        }
        self.text.push_str(&self.end);
        self.text
    }
}
