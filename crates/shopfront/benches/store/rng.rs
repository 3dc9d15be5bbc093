//! Deterministic random numbers on every machine: SplitMix64, seeded by purpose.

/// Random number generator.
pub(crate) struct Dice(u64);

impl Dice {
    /// Returns the generator for item number `index` of a kind.
    pub(crate) fn for_thing(kind: u64, index: usize) -> Dice {
        let index = u64::try_from(index).unwrap_or(u64::MAX);
        Dice(kind.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.roll() % end).unwrap_or_default()
    }

    /// Returns a number from `least` to `most`, inclusive.
    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// Returns `true` with a probability of `share` percent.
    pub(crate) fn percent(&mut self, share: usize) -> bool {
        self.below(100) < share
    }

    pub(crate) fn pick<'t, T: ?Sized>(&mut self, from: &[&'t T]) -> &'t T {
        from[self.below(from.len())]
    }

    /// Returns a number with a measured distribution. `at` contains the cumulative shares in
    /// percent and their values, ascending.
    pub(crate) fn as_measured(&mut self, at: &[(usize, usize)]) -> usize {
        let share = self.below(10_000);
        let above = at
            .iter()
            .position(|(percent, _)| percent * 100 > share)
            .unwrap_or(at.len() - 1)
            .max(1);
        let ((from, low), (to, high)) = (at[above - 1], at[above]);
        low + (high - low) * (share - from * 100) / ((to - from) * 100).max(1)
    }

    /// Returns this number of hexadecimal digits.
    pub(crate) fn hexadecimal(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits + 16);
        while text.len() < digits {
            text.push_str(&format!("{:016x}", self.roll()));
        }
        text.truncate(digits);
        text
    }
}
