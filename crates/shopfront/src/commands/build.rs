//! `build`: check, resolve, merge, emit, render, publish.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use jiff::Timestamp;
use rayon::prelude::*;

use super::entry_extras::EntryExtras;
use super::examine::{self, Workspace};
use super::upstreams;
use super::{published, resolve};
use crate::answers_dir::Occasion;
use crate::card_cache::CardCache;
use crate::clock;
use crate::files;
use crate::outcome::Outcome;
use crate::publish::{self, Places, Staging};
use crate::report::{Format, RenderOptions};
use crate::terminal;
use shopfront_check::schema::Schema;
use shopfront_diagnostics::Severity;
use shopfront_diagnostics::error::Error;
use shopfront_markdown::readme::ReadmeHtml;
use shopfront_model::answers::{Answer, Ledger, ProjectKey};
use shopfront_model::catalogue::{Catalogue, Snippet, StoreFile};
use shopfront_model::register::Register;
use shopfront_site::artifact::Sink;
use shopfront_site::emit;
use shopfront_site::merge::{self, Entry, EntrySummary, Problem, Regression, Store};
use shopfront_site::render::{self, Common, PageInput, RelatedEntries, Templates};
use shopfront_site::search::Search;
use shopfront_text::counted;

/// Options of `build`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Output directory.
    pub out: PathBuf,
    /// Options of the registry queries that come first. `None` uses saved answers only.
    pub asking: Option<resolve::Options>,
    /// Publishes even if more entries than the policy allows lose their release.
    pub accept_drop: bool,
    /// `true` for a preview: the store does not record the publication.
    pub is_preview: bool,
    /// Options for rendering the report of diagnostics.
    pub look: RenderOptions,
}

/// Builds the store of `workspace`.
///
/// # Errors
/// Returns an error if I/O fails, a template is invalid, or the store would shrink.
pub fn run(workspace: &Workspace, options: &Options) -> Result<Outcome, Error> {
    let started = Instant::now();
    let places = Places::of(&options.out)?;
    refuse_sources(workspace, &places)?;
    publish::refuse_foreign(&places.target)?;
    let examined = examine::files_only(workspace)?;
    let is_refused = examined
        .found
        .iter()
        .any(|it| it.severity == Severity::Error);
    let (Some(file), false) = (&examined.store, is_refused) else {
        let report = examine::report(workspace, &examined.found, Format::Human, options.look)?;
        return Ok(Outcome {
            stderr: format!("{report}nothing was published: the faults above come first\n"),
            exit: 1,
            ..Outcome::default()
        });
    };
    let mut told = ask(workspace, &examined.catalogue, file, options)?;
    let (ledger, recovered) = published::ledger(workspace, &places.target)?;
    told.push_str(&recovered);
    let store = merged(workspace, &examined.catalogue, file, &ledger, options)?;
    let staging = Staging::begin(places)?;
    let store = write(workspace, store, &staging)?;
    let staged = staging.finish()?;
    let (files, bytes) = (staged.files, staged.bytes);
    publish::publish(staged)?;
    told.push_str(&shortfalls(&store));
    told.push_str(&publish::warning(files, bytes, file.image_cards));
    let plugins = counted(store.listed().count() + store.foreign().count(), "plugin");
    let hosts = counted(store.catalogue.hosts.len(), "host");
    // The text of the ledger is large: data that only the pages needed is dropped first.
    let new_ledger = past_of(store);
    drop(examined);
    if !options.is_preview {
        workspace.answers_dir.save_ledger(
            options
                .asking
                .as_ref()
                .map_or(Occasion::Asked, |asking| asking.occasion),
            &new_ledger,
        )?;
    }
    told.push_str(&format!(
        "published {plugins} of {hosts} to {}: {}, {}.{} MB; {:.1} s\n",
        options.out.display(),
        counted(files, "file"),
        bytes / 1_000_000,
        bytes % 1_000_000 / 100_000,
        started.elapsed().as_secs_f64(),
    ));
    Ok(Outcome {
        stderr: told,
        ..Outcome::default()
    })
}

/// Returns the ledger of `store` and drops the rest.
fn past_of(store: Store<'_>) -> Ledger {
    store.ledger
}

/// Refuses an output directory that contains, or is in, the sources of the store.
fn refuse_sources(workspace: &Workspace, places: &Places) -> Result<(), Error> {
    let sources = [
        "catalogue",
        "answers",
        "schema",
        "site-template",
        "docs",
        "crates",
        "xtask",
        "examples",
        "fuzz",
        ".git",
        ".github",
        ".vscode",
    ];
    let is_source = sources
        .iter()
        .any(|folder| places.target.starts_with(workspace.root.join(folder)));
    if !is_source && !workspace.root.starts_with(&places.target) {
        return Ok(());
    }
    let message = format!(
        "{} is part of what the store is made of",
        places.target.display()
    );
    Err(Error::new(message).help("name a folder of its own with `--out`, such as `dist`"))
}

/// Queries the registries, unless the options disable it. A failing registry does not stop the
/// build.
fn ask(
    workspace: &Workspace,
    catalogue: &Catalogue,
    file: &StoreFile,
    options: &Options,
) -> Result<String, Error> {
    let Some(asking) = &options.asking else {
        let failed = resolve::read_own(workspace, &catalogue.projects(), &file.policy)?;
        return Ok(resolve::failures(&failed));
    };
    let started = Instant::now();
    let asked = resolve::refresh_all(workspace, &catalogue.projects(), &file.policy, asking)?;
    upstreams::ask(workspace, file, asking)?;
    Ok(format!(
        "{}{}\n",
        resolve::failures(&asked),
        resolve::summary(&asked, started.elapsed().as_secs_f64())
    ))
}

/// Merges the store without the data that only single pages need, and compares it with the previous
/// publication.
fn merged<'c>(
    workspace: &Workspace,
    catalogue: &'c Catalogue,
    file: &'c StoreFile,
    ledger: &Ledger,
    options: &Options,
) -> Result<Store<'c>, Error> {
    let versions = examine::host_versions(workspace, catalogue)?;
    let card = |snippet: &Snippet| -> Result<EntrySummary, Error> {
        let answer = workspace.answers_dir.answer(&snippet.source)?;
        let host = catalogue.host_of(snippet);
        Ok(merge::card(
            host,
            &versions[&host.id],
            snippet,
            answer.as_ref(),
        ))
    };
    let cards: Vec<EntrySummary> = catalogue
        .snippets
        .par_iter()
        .map(card)
        .collect::<Result<_, _>>()?;
    let cards = merge::mark_name_conflicts(catalogue, ledger, cards);
    let merged = upstreams::saved(workspace, file, Register::of(catalogue))?;
    let lagging: Vec<Problem> = merge::lagging(catalogue, &versions, &cards)
        .iter()
        .map(merge::Lagging::problem)
        .collect();
    let of_hosts = examine::answers_of_hosts(workspace, catalogue)?;
    let of_hosts = of_hosts
        .iter()
        .flat_map(|(host, answer)| merge::problems_of_host(host, answer));
    let newest = cards
        .iter()
        .filter_map(|card| card.checked_at)
        .chain(merged.newest)
        .max();
    let generated_at = build_time(newest, ledger)?;
    let store = Store {
        file,
        catalogue,
        ledger: merge::advance(ledger, catalogue, &cards, generated_at),
        versions,
        cards,
        upstreams: merged.stores,
        problems: merged
            .problems
            .into_iter()
            .chain(of_hosts)
            .chain(lagging)
            .collect(),
        generated_at,
    };
    // The contents of host files are known only when these are made. Entries that they omit are
    // reported before anything is written.
    let left_out = emit::left_out(&store, &workspace.schemas);
    let cards = merge::left_out(catalogue, store.cards, &left_out);
    refuse_shrinking(ledger, catalogue, &cards, file, options)?;
    Ok(Store {
        ledger: merge::advance(ledger, catalogue, &cards, generated_at),
        cards,
        ..store
    })
}

/// Returns the time that all outputs carry as their build time. Uses the clock only if neither the
/// environment, an answer nor the ledger contains a time.
fn build_time(newest_answer: Option<Timestamp>, ledger: &Ledger) -> Result<Timestamp, Error> {
    let known = clock::claimed()?
        .or(newest_answer)
        .or(ledger.last_change.at);
    Ok(known.unwrap_or_else(clock::now))
}

/// Refuses to shrink the store by accident: a wrong answer of an index cannot be distinguished from
/// authors who delete.
fn refuse_shrinking(
    ledger: &Ledger,
    catalogue: &Catalogue,
    cards: &[EntrySummary],
    file: &StoreFile,
    options: &Options,
) -> Result<(), Error> {
    let (dropped, published) = merge::regressions(ledger, catalogue, cards);
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of entries are far below 2^52"
    )]
    let share = dropped.len() as f64 / published.max(1) as f64;
    if options.accept_drop || dropped.len() < 2 || share <= file.policy.max_drop {
        return Ok(());
    }
    let list: String = dropped
        .iter()
        .map(|Regression { entry, what }| format!("\n  {entry} {what}"))
        .collect();
    let message = format!(
        "{} of {published} entries would be worth less than in the store that was published before:{list}",
        dropped.len()
    );
    Err(Error::new(message)
        .help("nothing was published; when this is right, build with `--accept-drop`"))
}

/// Writes all outputs. Some problems appear only when an entry is written, such as a long
/// description over its budget. The documents of the whole store report them, and are written last.
fn write<'c>(workspace: &Workspace, store: Store<'c>, sink: &dyn Sink) -> Result<Store<'c>, Error> {
    let templates = templates(workspace)?;
    let problems = write_entries(workspace, &store, &templates, sink)?;
    let cards = merge::with_problems(store.catalogue, store.cards, problems);
    let store = Store { cards, ..store };
    write_shared(workspace, &store, &templates, sink)?;
    Ok(store)
}

/// Writes the documents and pages of the whole store.
fn write_shared(
    workspace: &Workspace,
    store: &Store<'_>,
    templates: &Templates,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let languages = Common::of(store, templates)?;
    let most = usize::try_from(store.file.policy.max_package()).unwrap_or(usize::MAX);
    let read_package = |path: &str| files::read(&workspace.root, path, most);
    emit::run(store, &workspace.schemas, &read_package, sink)?;
    emit::schemas(store, &workspace.schemas, sink)?;
    let read = |path: &str| {
        files::read(
            &workspace.root,
            path,
            shopfront_check::checks::bad_asset::MAX_IMAGE,
        )
    };
    render::run(store, templates, &languages, &read, sink)
}

/// Writes the data and the page of every entry as a stream: answers are read one at a time, and
/// each only once. Returns the problems of the entries.
fn write_entries(
    workspace: &Workspace,
    store: &Store<'_>,
    templates: &Templates,
    sink: &dyn Sink,
) -> Result<Vec<Problem>, Error> {
    let languages = Common::of(store, templates)?;
    let card_cache = CardCache::new(&workspace.root);
    let companions = EntryExtras::new(
        store,
        templates.languages.of(&store.file.language)?,
        &workspace.schemas,
        &card_cache,
    )?;
    companions.write_shared(sink)?;
    let schema = workspace.schemas.get("api-plugin.schema.json")?;
    let search = Search::of(store);
    let page = EntryPages {
        workspace,
        store,
        templates,
        languages,
        companions,
        relatives: RelatedEntries::of(store),
        search: &search,
        schema,
        sink,
    };
    let answer_schema = emit::answer_schema(&workspace.schemas)?;
    let mut document = emit::AnswersDocument::begin(store, &workspace.schemas, sink)?;
    let by_project = entries_by_project(store);
    let bar = terminal::bar(store.cards.len(), "writing pages");
    let mut problems = Vec::new();
    for chunk in by_project.chunks(emit::CHUNK) {
        let write_project = |(key, entries): &(ProjectKey, Vec<Entry<'_>>)| -> Result<(Option<String>, Vec<Problem>), Error> {
            let answer = workspace.answers_dir.answer(key)?;
            let problems = page.write(entries, answer.as_ref())?;
            bar.inc(u64::try_from(entries.len()).unwrap_or_default());
            let line = answer.as_ref().map(|answer| emit::answer_line(answer, &answer_schema)).transpose()?;
            Ok((line, problems))
        };
        let written: Vec<(Option<String>, Vec<Problem>)> = chunk
            .par_iter()
            .map(write_project)
            .collect::<Result<_, _>>()?;
        for (line, of_project) in written {
            line.iter().try_for_each(|line| document.push(line))?;
            problems.extend(of_project);
        }
    }
    bar.finish_and_clear();
    card_cache.prune();
    document.finish()?;
    search.write(&workspace.schemas, sink)?;
    Ok(problems)
}

/// Returns every project with the entries whose source it is. The list is empty for the own project
/// of a host.
fn entries_by_project<'s>(store: &'s Store<'_>) -> Vec<(ProjectKey, Vec<Entry<'s>>)> {
    let mut by_project: BTreeMap<ProjectKey, Vec<Entry<'s>>> = BTreeMap::new();
    for key in store.catalogue.projects().into_keys() {
        by_project.insert(key, Vec::new());
    }
    for entry in store.all() {
        by_project
            .entry(entry.snippet.source.clone())
            .or_default()
            .push(entry);
    }
    by_project.into_iter().collect()
}

/// Inputs for the data and the pages of entries.
struct EntryPages<'w> {
    workspace: &'w Workspace,
    store: &'w Store<'w>,
    templates: &'w Templates,
    languages: Vec<Common<'w>>,
    companions: EntryExtras<'w>,
    relatives: RelatedEntries<'w>,
    schema: &'w Schema,
    search: &'w Search<'w>,
    sink: &'w dyn Sink,
}

impl EntryPages<'_> {
    /// Writes the data and the page of `entries`, which share a project and its `answer`. Returns
    /// the problems of each.
    fn write(&self, entries: &[Entry<'_>], answer: Option<&Answer>) -> Result<Vec<Problem>, Error> {
        let mut problems = Vec::new();
        if entries.is_empty() {
            return Ok(problems);
        }
        let named = answer.and_then(|it| it.project.as_ref()?.newest.description.as_ref());
        let description = match named {
            Some(named) => self.workspace.answers_dir.description(&named.sha256)?,
            None => None,
        };
        for entry in entries {
            if let Some(description) = &description {
                self.search.read_me(*entry, description);
            }
            let content_type = named.and_then(|named| named.content_type.as_deref());
            let repository = entry.snippet.body.repository.as_deref();
            let readme = description
                .as_deref()
                .map(|text| ReadmeHtml::of(text, content_type, repository));
            let problem = readme
                .as_ref()
                .and_then(|readme| readme.excess)
                .map(|excess| merge::shown_plain(entry.snippet, excess));
            let card = EntrySummary {
                problems: entry
                    .card
                    .problems
                    .iter()
                    .chain(&problem)
                    .cloned()
                    .collect(),
                ..entry.card.clone()
            };
            let entry = &Entry {
                card: &card,
                ..*entry
            };
            problems.extend(problem);
            self.sink.put(emit::detail(
                self.store,
                *entry,
                answer,
                description.as_deref(),
                self.schema,
            )?)?;
            let alternatives = self.relatives.alternatives(self.store, *entry);
            let elsewhere = self.relatives.elsewhere(self.store, *entry);
            let material = PageInput {
                answer,
                readme: readme.as_ref(),
                alternatives: &alternatives,
                elsewhere: &elsewhere,
            };
            for common in &self.languages {
                let page =
                    render::plugin_page(self.store, *entry, material, self.templates, common)?;
                common.sink(self.sink).put(page)?;
            }
            self.companions.write(*entry, answer, self.sink)?;
        }
        Ok(problems)
    }
}

/// Returns the compiled-in templates. Those of the repository override them, and those of the store
/// override both.
fn templates(workspace: &Workspace) -> Result<Templates, Error> {
    let mut layers = vec![shopfront_text::embedded::overlaid(
        shopfront_site::embedded::TEMPLATES,
        BTreeMap::new(),
    )];
    for folder in ["site-template", "catalogue/site"] {
        let mut own = files::texts(&workspace.root, folder)?;
        own.retain(|name, _| !name.contains('/') || name.starts_with("words/"));
        layers.push(own);
    }
    Templates::new(&layers)
}

/// Summarizes the problems by code. The full list is in `api/v1/problems.json`.
fn shortfalls(store: &Store<'_>) -> String {
    let mut counts = BTreeMap::new();
    for problem in emit::all_problems(store) {
        *counts.entry(problem.code).or_insert(0) += 1;
    }
    counts
        .iter()
        .map(|(code, count)| format!("warning: {code}: {count}, see api/v1/problems.json\n"))
        .collect()
}
