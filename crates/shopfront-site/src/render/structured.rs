//! What search engines read of a plugin page: JSON-LD (<https://schema.org/SoftwareApplication>), a block of data that no
//! browser runs.

use serde::Serialize;

use crate::merge::{Entry, Store};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json::SpannedJson;

#[derive(Serialize)]
struct Application<'s> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'s str,
    description: &'s str,
    url: String,
    identifier: &'s str,
    #[serde(rename = "applicationSuite")]
    host: &'s str,
    #[serde(rename = "applicationCategory")]
    category: &'s str,
    author: Named<'s>,
    #[serde(rename = "softwareVersion", skip_serializing_if = "Option::is_none")]
    version: Option<&'s str>,
    #[serde(rename = "dateModified", skip_serializing_if = "Option::is_none")]
    released_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<License<'s>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    keywords: String,
    #[serde(rename = "downloadUrl", skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(rename = "sameAs", skip_serializing_if = "Vec::is_empty")]
    same_as: Vec<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<String>,
}

/// `true` if it is a person or a group nobody has told; readers of the data want one of the two.
#[derive(Serialize)]
struct Named<'s> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'s str,
}

/// The way from the front page to the page.
#[derive(Serialize)]
struct Breadcrumbs<'s> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<Crumb<'s>>,
}

#[derive(Serialize)]
struct Crumb<'s> {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: &'s str,
    item: String,
}

#[derive(Serialize)]
struct License<'s> {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: &'s str,
}

/// The block of `entry`, whose page lies at `path`: JSON that may stand in an HTML page as it is.
///
/// # Errors
/// When it can not be written.
pub(super) fn data(store: &Store<'_>, entry: Entry<'_>, path: &str) -> Result<String, Error> {
    let body = &entry.snippet.body;
    let url = &store.file.url;
    let category = body
        .categories
        .first()
        .and_then(|id| entry.host.body.categories.iter().find(|it| it.id == *id));
    // What can not be had has no version, and nothing to download.
    let is_offered =
        entry.card.version.is_some() && !entry.snippet.is_withdrawn() && !entry.card.quarantined;
    let application = Application {
        context: "https://schema.org",
        kind: "SoftwareApplication",
        name: &body.display_name,
        description: &body.display_description,
        url: format!("{url}{path}"),
        identifier: &entry.snippet.uid.0,
        host: &entry.host.body.title,
        category: category.map_or("Plugin", |it| it.title.as_str()),
        author: Named {
            kind: "Person",
            name: &body.author,
        },
        version: entry.card.version.as_deref().filter(|_| is_offered),
        released_at: entry
            .card
            .released_at
            .filter(|_| is_offered)
            .map(|at| at.to_string()),
        license: entry.card.license.as_deref().map(|name| License {
            kind: "CreativeWork",
            name,
        }),
        keywords: body.keywords.join(", "),
        source: entry.card.access.page.clone().filter(|_| is_offered),
        same_as: [&body.homepage, &body.repository]
            .into_iter()
            .filter_map(|it| it.as_deref())
            .collect(),
        image: store
            .file
            .image_cards
            .then(|| format!("{url}{path}card.png")),
    };
    let steps = [
        (store.file.title.as_str(), url.clone()),
        (&entry.host.body.title, format!("{url}{}/", entry.host.id)),
        (&body.display_name, format!("{url}{path}")),
    ];
    let crumb = |(position, (name, item)): (usize, (_, String))| Crumb {
        kind: "ListItem",
        position: position + 1,
        name,
        item,
    };
    let items = steps.into_iter().enumerate().map(crumb).collect();
    let breadcrumbs = Breadcrumbs {
        context: "https://schema.org",
        kind: "BreadcrumbList",
        items,
    };
    Ok(SpannedJson::compact(&(&application, &breadcrumbs))
        .with_context(|| format!("writing the data of {path}"))?
        .into_text())
}
