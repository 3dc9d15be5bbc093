//! The pages of categories, authors and keywords, and the lists of them.

use minijinja::Value;
use minijinja::value::Serde;
use rayon::prelude::*;
use serde::Serialize;

use super::common::Common;
use super::context::CardContext;
use super::listing::{PAGE, card};
use super::paging::{Paging, page_path};
use super::templates::Templates;
use super::topics::Topic;
use crate::artifact::{Artifact, Sink};
use crate::language::Said;
use crate::merge::{Listed, Store};
use shopfront_diagnostics::error::Error;

/// Maximum number of topics on one page.
const LIST_PAGE: usize = 500;

/// A topic in a list.
#[derive(Serialize)]
pub(super) struct TopicBrief<'s> {
    title: &'s str,
    description: &'s str,
    path: String,
    pub(super) count: usize,
}

impl<'s> TopicBrief<'s> {
    pub(super) fn of(kind: &str, topic: &'s Topic<'_>) -> TopicBrief<'s> {
        TopicBrief::counted(kind, topic, topic.items.len())
    }

    /// The same, when only `count` of its entries matter.
    pub(super) fn counted(kind: &str, topic: &'s Topic<'_>, count: usize) -> TopicBrief<'s> {
        TopicBrief {
            title: &topic.title,
            description: &topic.description,
            path: format!("{kind}/{}/", topic.slug),
            count,
        }
    }
}

/// Every list and every page of a topic.
pub(super) fn all(
    store: &Store<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let kinds = [
        ("categories", &common.topics.categories),
        ("authors", &common.topics.authors),
        ("keywords", &common.topics.keywords),
    ];
    for (kind, topics) in kinds {
        list(kind, topics, templates, common, sink)?;
        topics
            .par_iter()
            .try_for_each(|topic| pages(store, kind, topic, templates, common, sink))?;
    }
    Ok(())
}

fn list(
    kind: &'static str,
    topics: &[Topic<'_>],
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let base = format!("{kind}/");
    let count = topics.len().div_ceil(LIST_PAGE).max(1);
    let (title, lead) = (
        common.title(&format!("list_{kind}"), &[]),
        common.language.say(&format!("list_{kind}_lead"), &[]),
    );
    for number in 1..=count {
        let shown = topics.iter().skip((number - 1) * LIST_PAGE).take(LIST_PAGE);
        let briefs: Vec<TopicBrief<'_>> = shown.map(|topic| TopicBrief::of(kind, topic)).collect();
        let path = page_path(&base, number);
        let own = vec![
            ("kind", Value::from(kind)),
            ("topics", Value::from(Serde(briefs))),
            (
                "paging",
                Value::from(Serde(Paging::of(&base, number, count))),
            ),
        ];
        let page = templates.page("topics.html", common.context(&path, &title, &lead, own))?;
        sink.put(Artifact::new(format!("{path}index.html"), page))?;
    }
    Ok(())
}

fn pages(
    store: &Store<'_>,
    kind: &'static str,
    topic: &Topic<'_>,
    templates: &Templates,
    common: &Common<'_>,
    sink: &dyn Sink,
) -> Result<(), Error> {
    let brief = TopicBrief::of(kind, topic);
    let base = brief.path.clone();
    let brief = Value::from(Serde(brief));
    let title = common.title(
        &format!("topic_{kind}"),
        &[("name", Said::Text(&topic.title))],
    );
    let total = Said::Number(u64::try_from(topic.items.len()).unwrap_or_default());
    let lead = if topic.description.is_empty() {
        common.language.say(
            &format!("topic_{kind}_lead"),
            &[("count", total), ("name", Said::Text(&topic.title))],
        )
    } else {
        topic.description.clone()
    };
    let count = topic.items.len().div_ceil(PAGE);
    let is_category = kind == "categories";
    let narrowed = Value::from(if is_category {
        format!("category={}", topic.slug)
    } else {
        String::new()
    });
    // Feeds of categories tell of this store's own entries.
    let has_feed = is_category
        && topic
            .items
            .iter()
            .any(|(listed, _)| matches!(listed, Listed::Local(_)));
    for number in 1..=count {
        let shown = topic.items.iter().skip((number - 1) * PAGE).take(PAGE);
        let cards: Vec<CardContext<'_>> = shown
            .map(|(listed, host)| card(store, *listed, &host.body.title))
            .collect();
        let path = page_path(&base, number);
        let own = vec![
            ("kind", Value::from(kind)),
            ("topic", brief.clone()),
            ("narrowed", narrowed.clone()),
            ("has_feed", Value::from(has_feed)),
            ("cards", Value::from(Serde(cards))),
            (
                "paging",
                Value::from(Serde(Paging::of(&base, number, count))),
            ),
        ];
        let page = templates.page("topic.html", common.context(&path, &title, &lead, own))?;
        sink.put(Artifact::new(format!("{path}index.html"), page))?;
    }
    Ok(())
}
