//! Other stores: fetched when somebody asks, kept as they were last good, merged from what is kept.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::examine::Workspace;
use super::resolve::Options;
use crate::answers::Trouble;
use crate::catalogue::{StoreFile, Upstream};
use crate::checks;
use crate::clock;
use crate::diagnostic::{Diagnostic, Severity};
use crate::error::{Doing, Error};
use crate::http::{Credentials, Http};
use crate::merge::{self, Offered, Problem, UpstreamSchemas, UpstreamStore};
use crate::register::Register;
use crate::web::{Request, Web};

/// `answers/upstreams/<id>.json`
#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    url: String,
    checked_at: Option<Timestamp>,
    trouble: Option<Trouble>,
    /// The other store's `plugins.json`, as it was sent.
    document: Option<Box<RawValue>>,
}

/// The other stores as they are kept.
pub(super) struct Merged {
    pub(super) stores: Vec<UpstreamStore>,
    pub(super) problems: Vec<Problem>,
    /// The time of the newest copy.
    pub(super) newest: Option<Timestamp>,
}

/// Fetches every upstream of `file` whose copy is not young enough. One that fails keeps its copy, and says why.
pub(super) fn ask(workspace: &Workspace, file: &StoreFile, options: &Options) -> Result<(), Error> {
    let now = clock::now();
    let schemas = UpstreamSchemas::of(&workspace.schemas)?;
    for upstream in &file.upstreams {
        let kept = read(workspace, upstream)?;
        let age = kept.checked_at.map(|at| now.as_second() - at.as_second());
        let is_fresh = kept.trouble.is_none() && age.is_some_and(|age| (0..file.policy.max_age_seconds()).contains(&age));
        if is_fresh && !options.refresh {
            continue;
        }
        let fetched = fetch(upstream, options);
        let fetched = fetched.and_then(|document| sound(upstream, document, &kept, &schemas, file.policy.max_drop));
        let kept = match fetched {
            Ok(document) => Kept { checked_at: Some(now), trouble: None, document: Some(document), ..kept },
            Err(message) => {
                let since = kept.trouble.as_ref().map_or(now, |trouble| trouble.at);
                Kept { trouble: Some(Trouble { at: since, message }), ..kept }
            }
        };
        let bytes = serde_json::to_vec(&kept).doing(|| format!("saving the upstream {}", upstream.id))?;
        workspace.shelf.save_upstream(&upstream.id, &bytes)?;
    }
    Ok(())
}

/// The entries of every upstream, from its copy. What `register` holds is left to this store, and what an upstream takes to that.
pub(super) fn saved(workspace: &Workspace, file: &StoreFile, mut register: Register) -> Result<Merged, Error> {
    let schemas = UpstreamSchemas::of(&workspace.schemas)?;
    let mut merged = Merged { stores: Vec::new(), problems: Vec::new(), newest: None };
    for (index, upstream) in file.upstreams.iter().enumerate() {
        let kept = read(workspace, upstream)?;
        let result = match &kept.document {
            Some(document) => merge::read_upstream(upstream, document.get().as_bytes(), &schemas, &mut register),
            None => Err(kept.trouble.as_ref().map_or_else(|| "it was never asked".to_owned(), |trouble| trouble.message.clone())),
        };
        match result {
            Ok(Offered { store, refused }) => {
                merged.stores.push(store);
                merged
                    .problems
                    .extend(checks::refused_upstream_entry::found(index, upstream, &refused).into_iter().map(|it| told(it, None)));
                merged.newest = merged.newest.max(kept.checked_at);
                if let Some(trouble) = &kept.trouble {
                    let shown = kept.checked_at.map_or_else(String::new, |at| format!("what is shown is from {at}"));
                    merged.problems.push(problem(index, upstream, &trouble.message, &shown, Some(trouble.at)));
                }
            }
            Err(why) => {
                merged.problems.push(problem(index, upstream, &why, "nothing of it is shown", kept.trouble.as_ref().map(|it| it.at)))
            }
        }
    }
    Ok(merged)
}

fn read(workspace: &Workspace, upstream: &Upstream) -> Result<Kept, Error> {
    let blank = || Kept { format: 1, url: upstream.url.clone(), checked_at: None, trouble: None, document: None };
    let Some(bytes) = workspace.shelf.upstream(&upstream.id)? else { return Ok(blank()) };
    let kept: Kept = serde_json::from_slice(&bytes)
        .doing(|| format!("reading answers/upstreams/{}.json", upstream.id))
        .map_err(|fault| fault.help(format!("delete that file, then run `{} resolve`", crate::program::name())))?;
    // Another address is another store: nothing of the old one may be shown under its name.
    Ok(if kept.url == upstream.url { kept } else { blank() })
}

/// The document, as it was sent.
fn fetch(upstream: &Upstream, options: &Options) -> Result<Box<RawValue>, String> {
    let (base, credentials) = Credentials::find(&upstream.url, None).map_err(|fault| fault.to_string())?;
    let http = Http::new(&base, credentials, options.patience).map_err(|fault| fault.to_string())?;
    let url = format!("{}/plugins.json", base.as_str().trim_end_matches('/'));
    let response = http.get(&Request::document(&url, "application/json"))?;
    if response.status != 200 {
        return Err(format!("status {}", response.status));
    }
    let text = String::from_utf8(response.body).map_err(|_| "its `plugins.json` is not UTF-8".to_owned())?;
    RawValue::from_string(text).map_err(|cause| format!("its `plugins.json` is no JSON: {cause}"))
}

/// The document, once it is known to be one of ours, with nearly all entries that its copy has. Another store that loses many at once
/// has most likely had an accident, or speaks a newer format; its last good copy stays.
fn sound(
    upstream: &Upstream,
    document: Box<RawValue>,
    kept: &Kept,
    schemas: &UpstreamSchemas<'_>,
    max_drop: f64,
) -> Result<Box<RawValue>, String> {
    // By itself: which names it may take is known where it is merged.
    let count = |document: &RawValue| {
        let offered = merge::read_upstream(upstream, document.get().as_bytes(), schemas, &mut Register::default())?;
        Ok::<usize, String>(offered.store.entries.len())
    };
    let now = count(&document)?;
    let before = kept.document.as_deref().and_then(|document| count(document).ok()).unwrap_or_default();
    let lost = before.saturating_sub(now);
    #[expect(clippy::cast_precision_loss, reason = "counts of entries are far below 2^52")]
    let share = lost as f64 / before.max(1) as f64;
    if lost < 2 || share <= max_drop {
        return Ok(document);
    }
    Err(format!("it lists {now} entries, {lost} fewer than before; to take that over, delete its copy in answers/upstreams/"))
}

fn problem(index: usize, upstream: &Upstream, why: &str, kept: &str, since: Option<Timestamp>) -> Problem {
    told(checks::stale_upstream::found(index, &upstream.title, why, kept), since)
}

/// A problem that is of no entry of this store.
fn told(found: Diagnostic, since: Option<Timestamp>) -> Problem {
    Problem { host: None, id: None, code: found.code.name, severity: Severity::Warning, message: found.message, since }
}
