//! Where the page of an entry leads: what its listing says, what its package says, and which of it
//! was verified.

use serde::Serialize;

use shopfront_model::answers::Project;
use shopfront_model::catalogue::Snippet;
use shopfront_text::url_policy;

/// Maximum number of links of a package beside those of the listing.
const MOST_OF_PACKAGE: usize = 6;
/// A longer label is no label.
const LONGEST_LABEL: usize = 40;

/// A link to a stranger's site, and whose word it is.
#[derive(Serialize)]
pub struct Link<'s> {
    /// Which field of the listing it is; empty for one of the package.
    pub field: &'static str,
    /// Label in the package.
    pub label: &'s str,
    /// Target of the link.
    pub url: &'s str,
    /// `true` if the registry verified that releases come from there.
    pub verified: bool,
}

/// The links of the listing, then those that only the package has. `is_origin` says that the
/// registry verified the repository of the listing as the one that the newest release was made in.
pub fn of<'s>(
    snippet: &'s Snippet,
    project: Option<&'s Project>,
    is_origin: bool,
) -> Vec<Link<'s>> {
    let body = &snippet.body;
    let named = [
        ("homepage", &body.homepage),
        ("documentation", &body.documentation),
        ("repository", &body.repository),
        ("issues", &body.issues),
    ];
    let stated = named
        .into_iter()
        .filter_map(|(field, url)| Some((field, url.as_deref()?)));
    let mut links: Vec<Link<'_>> = stated
        .map(|(field, url)| Link {
            field,
            label: "",
            url,
            verified: is_origin && field == "repository",
        })
        .collect();
    let of_package = project
        .map(|it| it.newest.links.as_slice())
        .unwrap_or_default();
    for link in of_package {
        let is_known = links.iter().any(|known| same_place(known.url, &link.url));
        let is_good = url_policy::check_web_url(&link.url).is_none()
            && (1..=LONGEST_LABEL).contains(&link.label.chars().count());
        if !is_known
            && is_good
            && links.iter().filter(|it| it.field.is_empty()).count() < MOST_OF_PACKAGE
        {
            links.push(Link {
                field: "",
                label: &link.label,
                url: &link.url,
                verified: false,
            });
        }
    }
    links
}

/// Returns `true` if two addresses lead to the same place, as far as that can be told without going
/// there.
fn same_place(left: &str, right: &str) -> bool {
    let plain = |url: &str| {
        let bare = url
            .trim_start_matches("https://")
            .trim_start_matches("http://")
            .trim_start_matches("www.");
        bare.trim_end_matches('/')
            .trim_end_matches(".git")
            .to_ascii_lowercase()
    };
    plain(left) == plain(right)
}
