//! What GitHub Pages takes, which is the host that most stores have: a warning comes before its
//! refusal.

/// A site may have 1 GB, says its documentation; this much of it is time to think.
const MANY_BYTES: u64 = 700_000_000;
/// A deployment has ten minutes. One of 400 MB has been seen to run out of them; small files take
/// longest, and 100,000 of them are more than any site that was seen to arrive in time.
const MANY_FILES: usize = 100_000;

/// What is told of a store of so many files and bytes; nothing while it is far from every limit.
pub fn warning(files: usize, bytes: u64, has_image_cards: bool) -> String {
    let mut reasons = Vec::new();
    if bytes > MANY_BYTES {
        reasons.push(format!(
            "{} MB of the 1,000 MB that GitHub Pages takes",
            bytes / 1_000_000
        ));
    }
    if files > MANY_FILES {
        reasons.push(format!(
            "{files} files, which may take longer than the ten minutes that it has for a deployment"
        ));
    }
    if reasons.is_empty() {
        return String::new();
    }
    let cure = match has_image_cards {
        true => {
            "`\"image_cards\": false` in catalogue/store.json saves a file and about 17 kB per plugin; or publish `dist` on a file server of your own"
        }
        false => {
            "publish `dist` on a file server of your own, or divide the store and merge its parts with `upstreams`"
        }
    };
    format!(
        "warning: the store has {}\n  = help: {cure}\n",
        reasons.join(", and ")
    )
}

#[cfg(test)]
mod tests {
    use super::{MANY_BYTES, MANY_FILES, warning};

    #[test]
    fn a_store_is_warned_before_it_is_refused() {
        assert_eq!(warning(MANY_FILES, MANY_BYTES, true), "");
        let large = warning(20, 812_345_678, true);
        assert!(
            large.starts_with("warning: the store has 812 MB of the 1,000 MB that GitHub Pages takes\n  = help: `\"image_cards\": false`"),
            "{large}"
        );
        let many = warning(123_456, 5, false);
        assert!(
            many.contains("the store has 123456 files, which") && !many.contains("image_cards"),
            "{many}"
        );
        assert!(warning(123_456, 812_345_678, true).contains(" takes, and 123456 files"));
    }
}
