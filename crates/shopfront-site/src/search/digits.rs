//! Numbers as text that compresses well: file hosts compress JSON on its way, and leave other bytes
//! as they are.

/// The digits of a number.
const DIGITS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
/// Weights of a word, smallest first. Each ends the number before it, and none is written as an
/// escape.
const WEIGHTS: &[u8; 24] = b"!#$%{'()*+,./:;|=}?@[]^`";

/// The weight of a word that is the whole name of a plugin.
pub(super) const WHOLE: u8 = 23;

/// A growing list of numbers, each greater than the one before, with weights.
#[derive(Default)]
pub(super) struct Postings {
    pub(super) text: String,
    next: u32,
}

impl Postings {
    pub(super) fn push(&mut self, number: u32, weight: u8) {
        push_number(&mut self.text, number - self.next);
        self.text.push(char::from(WEIGHTS[usize::from(weight)]));
        self.next = number + 1;
    }
}

/// The digits of `number`, the greatest first; none for zero.
fn push_number(text: &mut String, number: u32) {
    let mut shift = 30;
    while shift > 0 && number >> shift == 0 {
        shift -= 6;
    }
    if number > 0 {
        push_digits(text, number, shift / 6 + 1);
    }
}

/// Exactly `width` digits.
pub(super) fn push_digits(text: &mut String, number: u32, width: u32) {
    for place in (0..width).rev() {
        let digit = number >> (6 * place) & 63;
        text.push(char::from(
            DIGITS[usize::try_from(digit).unwrap_or_default()],
        ));
    }
}

/// Returns the number of digits of numbers below `end`; at least one.
pub(super) fn width(end: usize) -> u32 {
    let mut width = 1;
    while end > 1 << (6 * width) {
        width += 1;
    }
    width
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_gaps_and_zero_as_nothing() {
        let mut postings = Postings::default();
        for (number, weight) in [(0, 0), (1, 1), (66, 2), (4_200_000, WHOLE)] {
            postings.push(number, weight);
        }
        assert_eq!(postings.text, "!#10$g1nZ`");
    }

    #[test]
    fn a_width_holds_every_number_below_its_end() {
        assert_eq!([1, 64, 65, 4_096, 4_097].map(width), [1, 1, 2, 2, 3]);
    }
}
