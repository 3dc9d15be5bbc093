//! Feeds, badges and image cards, which are published beside the pages.

use std::sync::Arc;

use crate::card_cache::CardCache;
use shopfront_check::schema::{Schema, Schemas};
use shopfront_diagnostics::error::Error;
use shopfront_image::card::{CardRenderer, Words};
use shopfront_model::answers::Answer;
use shopfront_site::artifact::{Artifact, Sink};
use shopfront_site::emit;
use shopfront_site::feeds;
use shopfront_site::language::Language;
use shopfront_site::merge::{Entry, Store};

/// Inputs for feeds, badges and image cards.
pub(super) struct EntryExtras<'w> {
    store: &'w Store<'w>,
    /// Words of the store's own language.
    words: Arc<Language>,
    badge_schema: &'w Schema,
    /// `None` if the store has no image cards.
    easel: Option<CardRenderer>,
    card_cache: &'w CardCache,
}

impl<'w> EntryExtras<'w> {
    pub(super) fn new(
        store: &'w Store<'w>,
        words: Arc<Language>,
        schemas: &'w Schemas,
        card_cache: &'w CardCache,
    ) -> Result<EntryExtras<'w>, Error> {
        let easel = store
            .file
            .image_cards
            .then(|| CardRenderer::new(&store.file.title, store.file.accent.as_deref()));
        Ok(EntryExtras {
            store,
            words,
            badge_schema: schemas.get("badge.schema.json")?,
            easel,
            card_cache,
        })
    }

    /// Writes the files of the store and its hosts.
    pub(super) fn write_shared(&self, sink: &dyn Sink) -> Result<(), Error> {
        feeds::run(self.store, &self.words, sink)?;
        let file = self.store.file;
        self.put_card(
            "card.png",
            &Words {
                name: &file.title,
                description: &file.description,
                origin: &[],
                sign: None,
                id: &file.id,
            },
            sink,
        )?;
        for host in self.store.catalogue.hosts.values() {
            let (id, body) = (host.id.as_str(), &host.body);
            let words = Words {
                name: &body.title,
                description: &body.description,
                origin: &[],
                sign: None,
                id,
            };
            // No entry id begins with `_`.
            self.put_card(&format!("{id}/_/card.png"), &words, sink)?;
        }
        Ok(())
    }

    /// Writes the files of one entry.
    pub(super) fn write(
        &self,
        entry: Entry<'_>,
        answer: Option<&Answer>,
        sink: &dyn Sink,
    ) -> Result<(), Error> {
        let (host, id) = (&entry.snippet.host, &entry.snippet.id);
        let feed = feeds::of_entry(self.store, &self.words, entry, answer);
        // Badges and feeds under an earlier id continue to work.
        for old in &entry.snippet.body.formerly {
            sink.put(Artifact::new(
                format!("{host}/{old}/feed.xml"),
                feed.bytes.clone(),
            ))?;
            emit::badges(
                self.store,
                &self.words,
                entry,
                &format!("{host}/{old}/"),
                self.badge_schema,
            )?
            .into_iter()
            .try_for_each(|it| sink.put(it))?;
        }
        sink.put(feed)?;
        emit::badges(
            self.store,
            &self.words,
            entry,
            &format!("{host}/{id}/"),
            self.badge_schema,
        )?
        .into_iter()
        .try_for_each(|it| sink.put(it))?;
        let body = &entry.snippet.body;
        let words = Words {
            name: &body.display_name,
            description: &body.display_description,
            origin: &[&entry.host.body.title, &body.author],
            sign: entry
                .card
                .version
                .as_deref()
                .filter(|_| !entry.snippet.is_withdrawn()),
            id,
        };
        self.put_card(&format!("{host}/{id}/card.png"), &words, sink)
    }

    fn put_card(&self, path: &str, words: &Words<'_>, sink: &dyn Sink) -> Result<(), Error> {
        let Some(easel) = &self.easel else {
            return Ok(());
        };
        let card = self
            .card_cache
            .card(&words.key(easel), || easel.card(words))?;
        sink.put(Artifact::new(path, card))
    }
}
