//! Upstream stores: fetched on request, saved as the last valid copy, and merged from that copy.

use jiff::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::examine::Workspace;
use super::resolve::Options;
use crate::answers_dir::{News, Occasion};
use crate::clock;
use crate::files;
use shopfront_check::checks;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_diagnostics::{Diagnostic, Severity};
use shopfront_model::answers::Trouble;
use shopfront_model::catalogue::{StoreFile, Upstream};
use shopfront_model::register::Register;
use shopfront_registry::http::{Credentials, Http};
use shopfront_registry::web::{HttpClient, Request};
use shopfront_site::merge::{
    self, Offered, Problem, UpstreamBudget, UpstreamSchemas, UpstreamStore,
};

/// Saved copy: `answers/upstreams/<id>.json`.
#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    url: String,
    checked_at: Option<Timestamp>,
    trouble: Option<Trouble>,
    /// When it was asked last in vain, while it is in trouble.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tried_at: Option<Timestamp>,
    /// The other store's `plugins.json`, as it was sent.
    document: Option<Box<RawValue>>,
}

/// Upstream stores as merged from their copies.
pub(super) struct Merged {
    pub(super) stores: Vec<UpstreamStore>,
    pub(super) problems: Vec<Problem>,
    /// Time of the newest copy.
    pub(super) newest: Option<Timestamp>,
}

/// Fetches every upstream of `file` whose copy is stale. If a fetch fails, the copy stays and
/// records the reason.
pub(super) fn ask(workspace: &Workspace, file: &StoreFile, options: &Options) -> Result<(), Error> {
    let now = clock::now();
    let schemas = UpstreamSchemas::of(&workspace.schemas)?;
    for upstream in &file.upstreams {
        let copies = copies(workspace, upstream)?;
        let saved = copies[0]
            .as_ref()
            .and_then(|kept| kept.document.as_ref())
            .map(|document| document.get().to_owned());
        let kept = latest(upstream, copies);
        let is_due = options.refresh
            || !is_fresh(&kept, file, now) && !is_left_alone(&kept, file, now)
            || !is_store(&kept);
        let kept = if is_due {
            asked(upstream, kept, &schemas, (file, options, now))
        } else {
            kept
        };
        let is_news = kept.trouble.is_none()
            && kept.document.as_ref().map(|document| document.get()) != saved.as_deref();
        // A copy in the cache is saved permanently by an explicit query.
        if is_due || is_news && options.occasion == Occasion::Asked {
            let news = if is_news { News::Some } else { News::None };
            let bytes = serde_json::to_vec(&kept)
                .with_context(|| format!("saving the upstream {}", upstream.id))?;
            workspace
                .answers_dir
                .save_upstream(options.occasion, &upstream.id, &bytes, news)?;
        }
    }
    Ok(())
}

fn is_fresh(kept: &Kept, file: &StoreFile, now: Timestamp) -> bool {
    let age = kept.checked_at.map(|at| now.as_second() - at.as_second());
    kept.trouble.is_none()
        && age.is_some_and(|age| (0..file.policy.max_age_seconds()).contains(&age))
}

/// Whether a store in trouble is not asked again yet: at first for a while, then for as long as it
/// has been in trouble. One that answers slowly or never would hold up every run.
fn is_left_alone(kept: &Kept, file: &StoreFile, now: Timestamp) -> bool {
    const FIRST: i64 = 300;
    let (Some(trouble), Some(tried_at)) = (&kept.trouble, kept.tried_at) else {
        return false;
    };
    let wait = (tried_at.as_second() - trouble.at.as_second())
        .max(FIRST)
        .min(file.policy.max_age_seconds());
    (0..wait).contains(&(now.as_second() - tried_at.as_second()))
}

/// Whether the document of a copy has the form of a store: what somebody else wrote there is asked
/// for again. Its entries are read where they are merged.
fn is_store(kept: &Kept) -> bool {
    #[derive(Deserialize)]
    struct Form {
        format: u32,
        #[serde(rename = "plugins")]
        _plugins: Vec<IgnoredAny>,
    }
    let is_one = |document: &RawValue| {
        serde_json::from_str::<Form>(document.get()).is_ok_and(|form| form.format == 1)
    };
    kept.document.as_deref().is_none_or(is_one)
}

/// Fetches `upstream` and returns its new copy.
fn asked(
    upstream: &Upstream,
    kept: Kept,
    schemas: &UpstreamSchemas<'_>,
    (file, options, now): (&StoreFile, &Options, Timestamp),
) -> Kept {
    let fetched = fetch(upstream, options)
        .and_then(|document| sound(upstream, document, &kept, schemas, file.policy.max_drop));
    match fetched {
        Ok(document) => Kept {
            checked_at: Some(now),
            trouble: None,
            tried_at: None,
            document: Some(document),
            ..kept
        },
        Err(message) => {
            let since = kept.trouble.as_ref().map_or(now, |trouble| trouble.at);
            Kept {
                trouble: Some(Trouble { at: since, message }),
                tried_at: Some(now),
                ..kept
            }
        }
    }
}

/// Returns the entries of every upstream from its copy. Names in `register` belong to this store,
/// and names that an upstream claims are added to it.
pub(super) fn saved(
    workspace: &Workspace,
    file: &StoreFile,
    mut register: Register,
) -> Result<Merged, Error> {
    let schemas = UpstreamSchemas::of(&workspace.schemas)?;
    let mut budget = UpstreamBudget::default();
    let mut merged = Merged {
        stores: Vec::new(),
        problems: Vec::new(),
        newest: None,
    };
    for (index, upstream) in file.upstreams.iter().enumerate() {
        let kept = read(workspace, upstream)?;
        let result = match &kept.document {
            Some(document) => merge::read_upstream(
                upstream,
                document.get().as_bytes(),
                kept.checked_at,
                &schemas,
                (&mut register, &mut budget),
            ),
            None => Err(kept.trouble.as_ref().map_or_else(
                || "it was never asked".to_owned(),
                |trouble| trouble.message.clone(),
            )),
        };
        match result {
            Ok(Offered { store, refused }) => {
                merged.stores.push(store);
                merged.problems.extend(
                    checks::refused_upstream_entry::diagnostic(index, upstream, &refused)
                        .into_iter()
                        .map(|it| told(it, None)),
                );
                merged.newest = merged.newest.max(kept.checked_at);
                if let Some(trouble) = &kept.trouble {
                    let shown = kept
                        .checked_at
                        .map_or_else(String::new, |at| format!("what is shown is from {at}"));
                    merged.problems.push(problem(
                        index,
                        upstream,
                        &trouble.message,
                        &shown,
                        Some(trouble.at),
                    ));
                }
            }
            Err(why) => merged.problems.push(problem(
                index,
                upstream,
                &why,
                "nothing of it is shown",
                kept.trouble.as_ref().map(|it| it.at),
            )),
        }
    }
    Ok(merged)
}

fn read(workspace: &Workspace, upstream: &Upstream) -> Result<Kept, Error> {
    Ok(latest(upstream, copies(workspace, upstream)?))
}

/// Returns the two copies of `upstream`: the saved one, and the one in the cache.
fn copies(workspace: &Workspace, upstream: &Upstream) -> Result<[Option<Kept>; 2], Error> {
    let parse = |bytes: &[u8]| {
        let kept: Kept = serde_json::from_slice(bytes).map_err(|cause| cause.to_string())?;
        if kept.format != 1 {
            return Err(format!("expected format 1, found {}", kept.format));
        }
        // Another URL is another store: no data of the old one may appear under its name.
        Ok((kept.url == upstream.url).then_some(kept))
    };
    Ok(workspace
        .answers_dir
        .upstream(&upstream.id, &parse)?
        .map(Option::flatten))
}

/// Returns the newer copy.
fn latest(upstream: &Upstream, [saved, cached]: [Option<Kept>; 2]) -> Kept {
    let at = |kept: &Option<Kept>| kept.as_ref().and_then(|kept| kept.checked_at);
    let latest = if cached.is_some() && at(&cached) >= at(&saved) {
        cached
    } else {
        saved
    };
    latest.unwrap_or_else(|| Kept {
        format: 1,
        url: upstream.url.clone(),
        checked_at: None,
        trouble: None,
        tried_at: None,
        document: None,
    })
}

/// Fetches the document, byte for byte.
fn fetch(upstream: &Upstream, options: &Options) -> Result<Box<RawValue>, String> {
    let (base, credentials) =
        Credentials::find(&upstream.url, None).map_err(|fault| fault.to_string())?;
    let http = Http::new(&base, credentials, options.patience.with_a_stranger())
        .map_err(|fault| fault.to_string())?;
    let url = format!("{}/plugins.json", base.as_str().trim_end_matches('/'));
    let response = http.get(&Request::document(&url, "application/json"))?;
    if response.status != 200 {
        return Err(format!("status {}", response.status));
    }
    let text = String::from_utf8(response.body)
        .map_err(|_| "its `plugins.json` is not UTF-8".to_owned())?;
    RawValue::from_string(text).map_err(|cause| format!("its `plugins.json` is no JSON: {cause}"))
}

/// Returns the document if it is a valid store with nearly all entries of the copy. An upstream
/// that loses many at once probably had an accident, or uses a newer format. The last valid copy
/// stays.
fn sound(
    upstream: &Upstream,
    document: Box<RawValue>,
    kept: &Kept,
    schemas: &UpstreamSchemas<'_>,
    max_drop: f64,
) -> Result<Box<RawValue>, String> {
    // With an empty register: names that it may claim are determined when it is merged.
    let count = |document: &RawValue| {
        let offered = merge::read_upstream(
            upstream,
            document.get().as_bytes(),
            None,
            schemas,
            (&mut Register::default(), &mut UpstreamBudget::default()),
        )?;
        Ok::<usize, String>(offered.store.entries.len())
    };
    let now = count(&document)?;
    let before = kept
        .document
        .as_deref()
        .and_then(|document| count(document).ok())
        .unwrap_or_default();
    let lost = before.saturating_sub(now);
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of entries are far below 2^52"
    )]
    let share = lost as f64 / before.max(1) as f64;
    if lost < 2 || share <= max_drop {
        return Ok(document);
    }
    Err(format!(
        "it lists {now} entries, {lost} fewer than before; to take that over, delete its copy in answers/upstreams/ and in {}/",
        files::CACHE
    ))
}

fn problem(
    index: usize,
    upstream: &Upstream,
    why: &str,
    kept: &str,
    since: Option<Timestamp>,
) -> Problem {
    told(
        checks::stale_upstream::diagnostic(index, &upstream.title, why, kept),
        since,
    )
}

/// Returns a problem that belongs to no entry of this store.
fn told(found: Diagnostic, since: Option<Timestamp>) -> Problem {
    Problem {
        host: None,
        id: None,
        code: found.code.name,
        severity: Severity::Warning,
        message: found.message,
        since,
    }
}
