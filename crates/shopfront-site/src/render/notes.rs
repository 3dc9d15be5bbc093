//! Pages about the store itself: codes, what is not found, what has moved.

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::common::Common;
use super::templates::Templates;
use crate::artifact::{Artifact, Sink};
use crate::language::Said;
use crate::merge::Store;
use shopfront_check::checks;
use shopfront_diagnostics::error::Error;
use shopfront_markdown::readme;

#[derive(Serialize)]
struct CodeContext<'c> {
    name: &'c str,
    severity: String,
    summary: &'c str,
    html: Value,
}

/// A page for every code, and their list.
pub(super) fn codes(
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let mut all = Vec::new();
    for check in checks::ALL {
        let code = check.code;
        let body = code.page.split_once('\n').map_or("", |(_title, body)| body);
        let html = Value::from_safe_string(readme::trusted(body));
        let context = CodeContext {
            name: code.name,
            severity: code.severity.to_string(),
            summary: code.summary(),
            html,
        };
        let path = format!("errors/{}/", code.name);
        let title = format!("{} · {}", code.name, common.store_title);
        let page = common.context(
            &path,
            &title,
            code.summary(),
            vec![("code", Value::from(Serde(&context)))],
        );
        sink.put(Artifact::new(
            format!("{path}index.html"),
            templates.page("error.html", page)?,
        ))?;
        all.push(CodeContext {
            html: Value::from(""),
            ..context
        });
    }
    let title = common.title("codes", &[]);
    let description = common.language.say("codes_description", &[]);
    let page = common.context(
        "errors/",
        &title,
        &description,
        vec![("codes", Value::from(Serde(all)))],
    );
    sink.put(Artifact::new(
        "errors/index.html",
        templates.page("errors.html", page)?,
    ))
}

/// Writes the page for unknown URLs.
pub(super) fn not_found(
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let context = common.context_anywhere(&common.title("missing_title", &[]), Vec::new());
    sink.put(Artifact::new(
        "404.html",
        templates.page("404.html", context)?,
    ))
}

/// The pages of earlier ids lead to the ones of today.
pub(super) fn redirects(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    for entry in store.all() {
        let snippet = entry.snippet;
        for old in &snippet.body.formerly {
            let path = format!("{}/{old}/", snippet.host);
            let to = format!("../{}/", snippet.id);
            let title = common.title(
                "moved_title",
                &[("name", Said::Text(&snippet.body.display_name))],
            );
            let own = vec![
                ("to", Value::from(to)),
                (
                    "display_name",
                    Value::from(snippet.body.display_name.as_str()),
                ),
            ];
            let context = common.context(&path, &title, "", own);
            sink.put(Artifact::new(
                format!("{path}index.html"),
                templates.page("redirect.html", context)?,
            ))?;
        }
    }
    Ok(())
}
