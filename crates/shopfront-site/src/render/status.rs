//! How the store is: when it was built, from what, how fresh that was, and what fell short.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;

use super::common::Common;
use super::templates::Templates;
use crate::artifact::{Artifact, Sink};
use crate::emit::{self, Freshness};
use crate::merge::{Problem, Store};
use shopfront_diagnostics::error::Error;

/// Maximum number of problems of one code on the page; all are in `api/v1/problems.json`.
const MOST: usize = 30;

/// All problems with one code.
#[derive(Serialize)]
struct Kind<'s> {
    code: &'static str,
    severity: String,
    count: usize,
    shown: Vec<ProblemContext<'s>>,
}

#[derive(Serialize)]
struct ProblemContext<'s> {
    name: Option<String>,
    path: Option<String>,
    message: &'s str,
    since: Option<String>,
}

/// Another store that is merged here.
#[derive(Serialize)]
struct UpstreamContext<'s> {
    title: &'s str,
    url: &'s str,
    count: usize,
}

/// The page `status/`.
pub(super) fn page(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let Freshness { status, sources } = emit::freshness(store);
    let upstream = |settings: &'_ shopfront_model::catalogue::Upstream| {
        let merged = store.upstreams.iter().find(|it| it.id == settings.id);
        merged.map_or(0, |it| it.entries.len())
    };
    let upstreams: Vec<UpstreamContext<'_>> = store
        .file
        .upstreams
        .iter()
        .map(|it| UpstreamContext {
            title: &it.title,
            url: &it.url,
            count: upstream(it),
        })
        .collect();
    let own = vec![
        ("status", Value::from(status)),
        ("sources", Value::from(Serde(sources))),
        ("upstreams", Value::from(Serde(upstreams))),
        ("problems", Value::from(Serde(kinds(store)))),
        ("plugins", Value::from(store.shown())),
    ];
    let title = common.title("status_title", &[]);
    let lead = common.language.say("status_lead", &[]);
    sink.put(Artifact::new(
        "status/index.html",
        templates.page("status.html", common.context("status/", &title, &lead, own))?,
    ))
}

/// By code, the code with the most problems first.
fn kinds<'s>(store: &'s Store<'_>) -> Vec<Kind<'s>> {
    let mut by_code: BTreeMap<&'static str, Kind<'s>> = BTreeMap::new();
    for problem in emit::all_problems(store) {
        let kind = by_code.entry(problem.code).or_insert_with(|| Kind {
            code: problem.code,
            severity: problem.severity.to_string(),
            count: 0,
            shown: Vec::new(),
        });
        kind.count += 1;
        if kind.shown.len() < MOST {
            kind.shown.push(shown(problem));
        }
    }
    let mut kinds: Vec<Kind<'s>> = by_code.into_values().collect();
    kinds.sort_by_key(|kind| (std::cmp::Reverse(kind.count), kind.code));
    kinds
}

fn shown(problem: &Problem) -> ProblemContext<'_> {
    let entry = problem.host.as_ref().zip(problem.id.as_ref());
    ProblemContext {
        name: entry.map(|(host, id)| format!("{host}/{id}")),
        path: entry.map(|(host, id)| format!("{host}/{id}/")),
        message: &problem.message,
        since: problem.since.map(|at| at.to_string()),
    }
}
