//! Snippets that are ready to be written, with their path and the fields that are missing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::candidate::Candidate;
use super::{Ask, Options};
use crate::any_package::AnyPackage;
use crate::commands::examine::{Examined, Workspace};
use crate::draft::{self, Draft, DraftInput, OmittedField, Refreshed};
use crate::files;
use crate::prompt;
use shopfront_check::load::MAX_SNIPPET;
use shopfront_check::schema::Schema;
use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_json as json;
use shopfront_model::answers::{Answer, Project};
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::registry_rules;
use shopfront_text as text;
use shopfront_text::names::{self, HostId, NoId};

/// Snippet that is ready to be written.
pub(super) struct Prepared {
    /// Path in the store.
    pub(super) path: String,
    pub(super) host: HostId,
    /// Contents of the file.
    pub(super) text: String,
    fields: Map<String, Value>,
    version: String,
    left_out: Vec<OmittedField>,
    borrowed: Vec<String>,
    /// Fields that the schema requires and that have no value.
    pub(super) missing: Vec<String>,
    refreshed: Option<Refreshed>,
}

/// Makes the snippet of `offered`.
///
/// # Errors
/// Returns an error if its host is ambiguous, or if it is listed already and no update is
/// requested.
pub(super) fn one(
    workspace: &Workspace,
    examined: &Examined,
    offered: &Candidate,
    options: &Options,
    ask: Option<&Ask<'_>>,
) -> Result<Prepared, Error> {
    let (host, folder) = place(examined, offered, options)?;
    let schema = workspace.schemas.get(host.kind.snippet_schema)?;
    let facts = offered.package.facts();
    let module = match &offered.package {
        AnyPackage::Python(package) => host.adapter.module_of(package),
        AnyPackage::Bundle(_) => None,
    };
    let fields = match &offered.package {
        AnyPackage::Python(_) => BTreeMap::new(),
        AnyPackage::Bundle(held) => held.reading.fields.clone(),
    };
    let source = offered.source(options.url.as_deref(), examined.policy().max_package())?;
    let more = DraftInput {
        source: source.clone(),
        module: module.as_deref(),
        fields,
    };
    let mut draft = draft::of(&facts, more, &options.said, schema);
    if let Some(ask) = ask {
        ask_for_missing(&mut draft, schema, ask)?;
    }
    let project = offered.project();
    let id = options.id.clone().unwrap_or_else(|| offered.id());
    let is_it = |it: &&Snippet| match &offered.key {
        Some(key) => it.source == *key,
        // An archive of no registry is one more release of the entry that has archives, and of no
        // other.
        None => it.id == id && it.source.registry == registry_rules::pinned::ID,
    };
    let known = examined
        .catalogue
        .of_host(&host.id)
        .iter()
        .filter(|it| !it.is_withdrawn())
        .find(is_it);
    let (path, refreshed) = match known {
        Some(known) if options.update => (
            known.path.clone(),
            Some(refreshed(
                workspace, known, &draft, offered, options, schema,
            )?),
        ),
        Some(known) => {
            return Err(Error::new(format!(
                "`{project}` is listed already, as `{}/{}` in {}",
                known.host, known.id, known.path
            ))
            .help("`--update` brings that snippet up to what the package says now"));
        }
        None if options.update => {
            return Err(
                Error::new(format!("`{project}` is not listed in `{}` yet", host.id))
                    .help("leave `--update` out to list it"),
            );
        }
        None => (free_path(workspace, examined, host, &folder, &id)?, None),
    };
    let fields = refreshed
        .as_ref()
        .map_or_else(|| draft.fields.clone(), |it| it.fields.clone());
    let text = schema.canonical(&Value::Object(fields.clone()));
    let missing = draft
        .missing(schema)
        .into_iter()
        .filter(|field| !fields.contains_key(field))
        .collect();
    Ok(Prepared {
        path,
        host: host.id.clone(),
        text,
        fields,
        version: facts.version,
        left_out: draft.left_out,
        borrowed: draft.borrowed,
        missing,
        refreshed,
    })
}

/// The path of the snippet of a new entry `id`, where nothing has that id or that path yet: neither
/// an entry, under its id of today or a former one, nor a tombstone, nor a file of the host's own.
fn free_path(
    workspace: &Workspace,
    examined: &Examined,
    host: &Host,
    folder: &str,
    id: &str,
) -> Result<String, Error> {
    let other = "name another id: `--id example`";
    let shown = text::one_line(id, 80);
    match names::no_entry_id(id) {
        Some(NoId::Malformed) => {
            return Err(Error::new(format!("`{shown}` is not an id of a plugin")).help(other));
        }
        Some(NoId::Reserved) => {
            return Err(Error::new(format!(
                "`{shown}` can not be the id of a plugin: the store needs that name for itself"
            ))
            .help(other));
        }
        None => {}
    }
    let holder = examined.catalogue.of_host(&host.id).iter().find_map(|it| {
        let is_former = it.body.formerly.iter().any(|former| former == id);
        let what = match (it.id == id, it.is_withdrawn()) {
            (true, true) => "that of a plugin that was withdrawn",
            (true, false) => "that of another plugin",
            (false, _) if is_former => "a former id of another plugin",
            (false, _) => return None,
        };
        Some(format!("the id `{id}` is {what}, in {}", it.path))
    });
    if let Some(holder) = holder {
        return Err(Error::new(holder).help(other));
    }
    let path = format!("{folder}/{id}.json");
    if files::exists(&workspace.root.join(&path)) {
        return Err(Error::new(format!("{path} is there already")).help(other));
    }
    Ok(path)
}

/// The host, and the folder in it.
fn place<'c>(
    examined: &'c Examined,
    offered: &Candidate,
    options: &Options,
) -> Result<(&'c Host, String), Error> {
    let catalogue = &examined.catalogue;
    if let Some(below) = options
        .to_catalogue
        .as_deref()
        .filter(|named| *named != "-")
    {
        let host = catalogue.host_named(below.split('/').next().unwrap_or_default())?;
        return Ok((host, format!("catalogue/{below}")));
    }
    let host = match offered.package.host(examined) {
        Some(host) => host,
        None if catalogue.hosts.len() == 1 => catalogue
            .hosts
            .values()
            .next()
            .ok_or_else(|| Error::new("this store has no host"))?,
        None => {
            let known: Vec<&str> = catalogue.hosts.keys().map(HostId::as_str).collect();
            let message = format!(
                "{} does not show for which of the hosts it is",
                offered.package.path()
            );
            let help = match known.first() {
                Some(first) => format!(
                    "say it: `--to-catalogue {first}` (the hosts are {})",
                    known.join(", ")
                ),
                None => {
                    format!(
                        "there is no store here: `--root` names its folder, and `{} init` writes a new one",
                        shopfront_diagnostics::program::name()
                    )
                }
            };
            return Err(Error::new(message).help(help));
        }
    };
    Ok((host, format!("catalogue/{}", host.id)))
}

/// Prompts for the fields that the schema requires. An empty reply omits the field, and the checks
/// report that.
fn ask_for_missing(draft: &mut Draft, schema: &Schema, ask: &Ask<'_>) -> Result<(), Error> {
    for field in draft.missing(schema) {
        if let Some(left_out) = draft.left_out.iter().find(|it| it.field == field) {
            prompt::status(&format!(
                "what the package says can not be the {field}: {}",
                left_out.why
            ));
        }
        let answer = ask(&field, "")?;
        if !answer.trim().is_empty() {
            draft.fields.insert(field, answer.trim().to_owned().into());
        }
    }
    Ok(())
}

/// Returns the archives of a source, each by its version and location.
fn archives(value: &Value) -> String {
    let place = |archive: &Value| {
        archive["file"]
            .as_str()
            .or(archive["url"].as_str())
            .unwrap_or("its manifest alone")
            .to_owned()
    };
    let archives = value.as_array().into_iter().flatten();
    archives
        .map(|it| {
            format!(
                "{} ({})",
                it["version"].as_str().unwrap_or_default(),
                place(it)
            )
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns the snippet `known`, with the fields that follow its package updated.
fn refreshed(
    workspace: &Workspace,
    known: &Snippet,
    draft: &Draft,
    offered: &Candidate,
    options: &Options,
    schema: &Schema,
) -> Result<Refreshed, Error> {
    let bytes = files::read(&workspace.root, &known.path, MAX_SNIPPET)?;
    let old = json::read(&bytes).with_context(|| format!("reading {}", known.path))?;
    let old = old.as_object().cloned().unwrap_or_default();
    let before = offered
        .before
        .as_ref()
        .and_then(Answer::found)
        .map(|project| draft_of_answer(project, schema));
    let mut refreshed = draft::refresh(&old, draft, before.as_ref(), &options.said);
    if let Some(archives) = with_new_archive(&old, draft) {
        refreshed.fields.insert("source".to_owned(), archives);
        refreshed.changed.push("source".to_owned());
    }
    Ok(refreshed)
}

/// Returns the source of `old` with the archive of `draft` added, or replaced if its version
/// exists. Returns `None` if nothing changes.
fn with_new_archive(old: &Map<String, Value>, draft: &Draft) -> Option<Value> {
    let new = draft.fields.get("source")?.get("archive")?.get(0)?;
    let mut archives = old.get("source")?.get("archive")?.as_array()?.clone();
    match archives
        .iter_mut()
        .find(|it| it["version"] == new["version"])
    {
        Some(same) if same == new => return None,
        Some(same) => *same = new.clone(),
        None => archives.push(new.clone()),
    }
    Some(serde_json::json!({ "archive": archives }))
}

/// Returns the draft from the earlier answer of the registry. An answer has fewer fields than a
/// package, but these are of an earlier release.
fn draft_of_answer(project: &Project, schema: &Schema) -> Draft {
    let facts = project.facts();
    draft::of(
        &facts,
        DraftInput::default(),
        &draft::Overrides::default(),
        schema,
    )
}

impl Prepared {
    /// Returns `true` if `fault` only repeats that a field is missing. [`Prepared::notes`] report
    /// that field with its option.
    pub(super) fn tells_missing(&self, fault: &Diagnostic) -> bool {
        self.missing
            .iter()
            .any(|field| fault.message.contains(&format!("`{field}`")))
    }

    /// Returns notes about omitted, missing and kept fields.
    pub(super) fn notes(&self) -> String {
        let mut notes = String::new();
        for OmittedField { field, why } in self.left_out.iter().filter(|it| it.field != "source") {
            notes.push_str(&format!(
                "note: left out of what the package says: {}\n",
                if why.contains(field.as_str()) {
                    why.clone()
                } else {
                    format!("`{field}`: {why}")
                }
            ));
        }
        for words in &self.borrowed {
            notes.push_str(&format!("note: {words}\n"));
        }
        for field in &self.missing {
            // The version of an unreadable package is unknown, so there is no release to list.
            if field == "source" {
                notes.push_str("error: no release of this host can be listed from this package\n  = help: its host may be another one, or it does not say its version: `inspect` tells\n");
                continue;
            }
            notes.push_str(&format!(
                "error: the package does not say `{field}` as a snippet can\n  = help: say it with `--{}`\n",
                field.replace('_', "-")
            ));
        }
        if let Some(refreshed) = &self.refreshed {
            if !refreshed.changed.is_empty() {
                notes.push_str(&format!(
                    "note: brought up to the package: {}\n",
                    refreshed.changed.join(", ")
                ));
            }
            for (field, new) in &refreshed.kept {
                notes.push_str(&format!(
                    "note: kept what a person wrote as `{field}`; the package says {}\n",
                    text::one_line(&new.to_string(), 200)
                ));
            }
        }
        notes
    }

    /// Returns a summary of the entry as it will be published.
    pub(super) fn card(&self) -> String {
        let text = |field: &str| {
            self.fields
                .get(field)
                .and_then(Value::as_str)
                .map(|it| text::one_line(it, 300))
        };
        let mut card = format!(
            "{} {}\n",
            text("display_name").unwrap_or_default(),
            self.version
        );
        let author = text("author").map(|author| format!("by {author}"));
        for line in [text("display_description"), author].into_iter().flatten() {
            card.push_str(&format!("  {line}\n"));
        }
        let shown: BTreeSet<&str> = BTreeSet::from([
            "display_name",
            "display_description",
            "author",
            "$schema",
            "comment",
        ]);
        for (field, value) in self
            .fields
            .iter()
            .filter(|(field, _)| !shown.contains(field.as_str()))
        {
            let value = match value {
                Value::String(text) => text.clone(),
                Value::Array(items) => items
                    .iter()
                    .map(|item| {
                        item.as_str()
                            .map_or_else(|| item.to_string(), str::to_owned)
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
                Value::Object(members) => members
                    .iter()
                    .map(|(key, value)| {
                        format!(
                            "{key}: {}",
                            value
                                .as_str()
                                .map_or_else(|| archives(value), str::to_owned)
                        )
                    })
                    .collect::<Vec<_>>()
                    .join(", "),
                plain => plain.to_string(),
            };
            card.push_str(&format!("  {field:<14} {}\n", text::one_line(&value, 300)));
        }
        card
    }
}
