//! Which form of a message a count takes: the cardinal rules of CLDR for whole numbers, by language.

/// A plural category of CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

impl Category {
    /// The category that a catalogue names.
    pub(super) fn named(name: &str) -> Option<Category> {
        Some(match name {
            "zero" => Category::Zero,
            "one" => Category::One,
            "two" => Category::Two,
            "few" => Category::Few,
            "many" => Category::Many,
            "other" => Category::Other,
            _ => return None,
        })
    }

    /// The category of `count` in the language `tag`. A language that is not named has the rule of English.
    pub(super) fn of(tag: &str, count: u64) -> Category {
        use Category::{Few, Many, One, Other, Two, Zero};
        let (tens, ones) = (count % 100, count % 10);
        let is_teen = (11..=14).contains(&tens);
        match tag.split('-').next().unwrap_or_default() {
            "id" | "ja" | "ko" | "ms" | "th" | "vi" | "zh" => Other,
            "fa" | "fr" | "hi" | "hy" | "pt" if count < 2 => One,
            "be" | "ru" | "uk" if ones == 1 && !is_teen => One,
            "be" | "ru" | "uk" if (2..=4).contains(&ones) && !is_teen => Few,
            "pl" if (2..=4).contains(&ones) && !is_teen => Few,
            "be" | "pl" | "ru" | "uk" if count != 1 => Many,
            "cs" | "sk" if (2..=4).contains(&count) => Few,
            "ar" if count == 0 => Zero,
            "ar" | "he" if count == 2 => Two,
            "ar" if (3..=10).contains(&tens) => Few,
            "ar" if tens >= 11 => Many,
            _ if count == 1 => One,
            _ => Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Category::{self, Few, Many, One, Other, Two, Zero};

    #[test]
    fn counts_take_the_form_that_their_language_wants() {
        let cases: [(&str, &[(u64, Category)]); 8] = [
            ("en", &[(0, Other), (1, One), (2, Other), (101, Other)]),
            ("de-AT", &[(0, Other), (1, One), (21, Other)]),
            ("fr", &[(0, One), (1, One), (2, Other)]),
            ("ja", &[(1, Other), (2, Other)]),
            ("ru", &[(1, One), (3, Few), (5, Many), (11, Many), (21, One), (112, Many), (122, Few)]),
            ("pl", &[(1, One), (3, Few), (12, Many), (21, Many), (22, Few)]),
            ("cs", &[(1, One), (3, Few), (5, Other)]),
            ("ar", &[(0, Zero), (1, One), (2, Two), (5, Few), (11, Many), (100, Other), (103, Few)]),
        ];
        for (tag, counts) in cases {
            for (count, category) in counts {
                assert_eq!(Category::of(tag, *count), *category, "{tag}: {count}");
            }
        }
    }
}
