//! Pages to read: what the store is and how it sorts, and the guides of `docs/`.

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::common::Common;
use super::readme;
use super::templates::Templates;
use crate::artifact::{Artifact, Sink};
use crate::checks;
use crate::embedded;
use crate::error::Error;

#[derive(Serialize)]
struct Guide<'t> {
    title: &'t str,
    path: String,
}

/// The page `about/`, and every guide with their list.
pub(super) fn pages(templates: &Templates, common: &Common<'_>, sink: &dyn Sink) -> Result<(), Error> {
    let title = common.title("about_title", &[]);
    let page = templates.page("about.html", common.context("about/", &title, &common.language.say("about_lead", &[]), Vec::new()))?;
    sink.put(Artifact::new("about/index.html", page))?;
    let mut guides = Vec::new();
    for (name, text) in embedded::GUIDES {
        let (heading, body) = text.split_once('\n').unwrap_or((text, ""));
        let heading = heading.trim_start_matches('#').trim();
        let path = format!("docs/{}/", name.trim_end_matches(".md"));
        let own = vec![("heading", Value::from(heading)), ("html", Value::from_safe_string(readme::guide(body, &link)))];
        let title = format!("{heading} · {}", common.store_title);
        let page = templates.page("guide.html", common.context(&path, &title, "", own))?;
        sink.put(Artifact::new(format!("{path}index.html"), page))?;
        guides.push(Guide { title: heading, path });
    }
    let title = common.title("docs_title", &[]);
    let context = common.context("docs/", &title, &common.language.say("docs_lead", &[]), vec![("guides", Value::from(Serde(guides)))]);
    sink.put(Artifact::new("docs/index.html", templates.page("docs.html", context)?))
}

/// Where a link of a guide leads on the site; `None` for what is not published.
fn link(address: &str) -> Option<String> {
    if address.starts_with('#') || address.starts_with("https://") {
        return Some(address.to_owned());
    }
    let (path, fragment) = address.split_once('#').map_or((address, String::new()), |(path, name)| (path, format!("#{name}")));
    if let Some(code) = path.strip_prefix("errors/").and_then(|it| it.strip_suffix(".md")) {
        return checks::ALL.iter().any(|check| check.code.name == code).then(|| format!("../../errors/{code}/{fragment}"));
    }
    let is_guide = embedded::GUIDES.iter().any(|(name, _)| *name == path);
    is_guide.then(|| format!("../{}/{fragment}", path.trim_end_matches(".md")))
}
