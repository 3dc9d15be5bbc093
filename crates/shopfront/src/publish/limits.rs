//! Limits of GitHub Pages, which hosts most stores. A warning comes before its refusal.

/// Size from which a warning is issued, in bytes. The documented limit of a site is 1 GB.
const MANY_BYTES: u64 = 700_000_000;
/// Number of files from which a warning is issued. A deployment has a time limit of ten minutes,
/// which a site of 400 MB exceeded. Small files take longest, and no site with more than 100,000 of
/// them is known to have succeeded.
const MANY_FILES: usize = 100_000;

/// Returns the warning about a store with this number of files and bytes. Empty if it is far from
/// all limits.
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
