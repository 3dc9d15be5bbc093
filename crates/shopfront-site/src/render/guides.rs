//! Pages to read: what the store is and how it sorts, and the guides of `docs/`.

use std::collections::BTreeSet;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::common::Common;
use super::templates::Templates;
use crate::artifact::{Artifact, Sink};
use crate::embedded;
use shopfront_check::checks;
use shopfront_diagnostics::error::Error;
use shopfront_markdown::readme;

#[derive(Serialize)]
struct Guide<'t> {
    title: &'t str,
    path: String,
}

/// The page `about/`, and every guide with their list; `kinds` are those of the hosts of the store.
pub(super) fn pages(
    kinds: &BTreeSet<&str>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let title = common.title("about_title", &[]);
    let page = templates.page(
        "about.html",
        common.context(
            "about/",
            &title,
            &common.language.say("about_lead", &[]),
            Vec::new(),
        ),
    )?;
    sink.put(Artifact::new("about/index.html", page))?;
    let mut guides = Vec::new();
    let is_told = |name: &str| kind_of(name).is_none_or(|kind| kinds.contains(kind));
    for (name, text) in embedded::GUIDES.iter().filter(|(name, _)| is_told(name)) {
        let (heading, body) = text.split_once('\n').unwrap_or((text, ""));
        let heading = heading.trim_start_matches('#').trim();
        let path = format!("docs/{}/", name.trim_end_matches(".md"));
        let own = vec![
            ("heading", Value::from(heading)),
            (
                "html",
                Value::from_safe_string(readme::guide(body, &|address| {
                    link(name, address, &is_told)
                })),
            ),
        ];
        let title = format!("{heading} · {}", common.store_title);
        let page = templates.page(
            "guide.html",
            common.context(&path, &title, &first_words(body), own),
        )?;
        sink.put(Artifact::new(format!("{path}index.html"), page))?;
        guides.push(Guide {
            title: heading,
            path,
        });
    }
    let title = common.title("docs_title", &[]);
    let context = common.context(
        "docs/",
        &title,
        &common.language.say("docs_lead", &[]),
        vec![("guides", Value::from(Serde(guides)))],
    );
    sink.put(Artifact::new(
        "docs/index.html",
        templates.page("docs.html", context)?,
    ))
}

/// The paths of all guides of a store with hosts of these `kinds`.
pub(super) fn paths(kinds: &BTreeSet<&str>) -> Vec<String> {
    let told = embedded::GUIDES
        .iter()
        .filter(|(name, _)| kind_of(name).is_none_or(|kind| kinds.contains(kind)));
    told.map(|(name, _)| format!("docs/{}/", name.trim_end_matches(".md")))
        .collect()
}

/// The first paragraph of a guide as plain text, as far as its sentences fit a description.
fn first_words(body: &str) -> String {
    const LONGEST: usize = 300;
    let paragraph = body
        .split("\n\n")
        .map(str::trim)
        .find(|it| it.starts_with(char::is_alphabetic))
        .unwrap_or_default();
    let mut plain = String::new();
    let mut rest = paragraph;
    // Of a link its words are left.
    while let Some((before, behind)) = rest.split_once('[') {
        let (words, after) = behind.split_once("](").unwrap_or((behind, ""));
        plain.push_str(before);
        plain.push_str(words);
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let plain: String = plain
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(['`', '*'], "");
    match plain.char_indices().nth(LONGEST) {
        None => plain,
        Some((end, _)) => plain[..end]
            .rfind(". ")
            .map_or_else(|| plain[..end].to_owned(), |last| plain[..=last].to_owned()),
    }
}

/// The kind of host that a guide is for; `None` for one that is for everybody.
fn kind_of(name: &str) -> Option<&str> {
    name.strip_prefix("hosts/")?
        .strip_suffix(".md")
        .filter(|name| *name != "client")
}

/// The path of the guide for hosts of `kind`, where there is one.
pub(super) fn of_kind(kind: &str) -> Option<String> {
    let name = format!("hosts/{kind}.md");
    embedded::GUIDES
        .iter()
        .any(|(known, _)| *known == name)
        .then(|| format!("docs/hosts/{kind}/"))
}

/// Returns the target of a link of the guide `name` on the site; `None` if it is not published.
fn link(name: &str, address: &str, is_told: &dyn Fn(&str) -> bool) -> Option<String> {
    if address.starts_with('#') || address.starts_with("https://") {
        return Some(address.to_owned());
    }
    let (path, fragment) = address
        .split_once('#')
        .map_or((address, String::new()), |(path, name)| {
            (path, format!("#{name}"))
        });
    let path = from_docs(name, path);
    // A guide is a folder: `docs/authors/`, `docs/hosts/oko/`.
    let root = "../".repeat(name.split('/').count() + 1);
    if let Some(code) = path
        .strip_prefix("errors/")
        .and_then(|it| it.strip_suffix(".md"))
    {
        return checks::ALL
            .iter()
            .any(|check| check.code.name == code)
            .then(|| format!("{root}errors/{code}/{fragment}"));
    }
    let is_guide = embedded::GUIDES.iter().any(|(known, _)| *known == path) && is_told(&path);
    is_guide.then(|| format!("{root}docs/{}/{fragment}", path.trim_end_matches(".md")))
}

/// The path below `docs/` that `path` is, seen from the guide `name`.
fn from_docs(name: &str, path: &str) -> String {
    let mut parts: Vec<&str> = name.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}
