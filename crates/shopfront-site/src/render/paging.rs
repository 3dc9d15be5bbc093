//! A long list in pages: which there are, and which a reader is offered.

use serde::Serialize;

/// The place of one page among all.
#[derive(Serialize)]
pub(super) struct Paging {
    number: usize,
    count: usize,
    previous: Option<String>,
    next: Option<String>,
    pages: Vec<NumberedPage>,
}

#[derive(Serialize)]
struct NumberedPage {
    number: usize,
    path: String,
}

impl Paging {
    /// The page `number` of `count` below `base`, which ends with a slash.
    pub(super) fn of(base: &str, number: usize, count: usize) -> Paging {
        Paging {
            number,
            count,
            previous: (number > 1).then(|| page_path(base, number - 1)),
            next: (number < count).then(|| page_path(base, number + 1)),
            pages: near(number, count)
                .map(|number| NumberedPage {
                    number,
                    path: page_path(base, number),
                })
                .collect(),
        }
    }
}

/// No id and no slug begins with `_`, so the pages never meet an entry.
pub(super) fn page_path(base: &str, number: usize) -> String {
    if number == 1 {
        base.to_owned()
    } else {
        format!("{base}_/{number}/")
    }
}

/// The first, the last, and those around `number`: five hundred links help nobody.
fn near(number: usize, count: usize) -> impl Iterator<Item = usize> {
    (1..=count).filter(move |page| *page == 1 || *page == count || page.abs_diff(number) <= 3)
}
