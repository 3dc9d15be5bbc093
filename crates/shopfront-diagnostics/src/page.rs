//! The part of a page of `docs/errors/` that the program contains. For the macro `code!`.

/// The heading below which a page has cases that only tests read.
const FURTHER_CASES: &[u8] = b"\n## Further cases\n";

/// Length of a page up to its further cases.
pub const fn prose_len(page: &str) -> usize {
    let page = page.as_bytes();
    let mut at = 0;
    while at + FURTHER_CASES.len() <= page.len() {
        let mut equal = 0;
        while equal < FURTHER_CASES.len() && page[at + equal] == FURTHER_CASES[equal] {
            equal += 1;
        }
        if equal == FURTHER_CASES.len() {
            return at;
        }
        at += 1;
    }
    page.len()
}

/// Copies the first `LEN` bytes of a page.
pub const fn prose<const LEN: usize>(page: &str) -> [u8; LEN] {
    match page.as_bytes().first_chunk() {
        Some(prose) => *prose,
        None => panic!("a page is as long as its prose"),
    }
}

/// The text of a page that was cut in front of a line.
pub const fn text(prose: &'static [u8]) -> &'static str {
    match std::str::from_utf8(prose) {
        Ok(text) => text,
        Err(_) => panic!("a page is UTF-8"),
    }
}
