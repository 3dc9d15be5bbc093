//! Small store of `fixtures/base` in memory: a property runs a thousand times per second.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{LazyLock, Mutex};

use shopfront_check::load::{self, Loaded};
use shopfront_check::load::{EntryKind, WalkEntry};
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;
use shopfront_model::answers::Answer;
use shopfront_model::catalogue::Catalogue;
use shopfront_site::artifact::{Artifact, Sink, Stream};

/// Catalogue of the small store.
pub(super) static BASE: &[(&str, &str)] = &[
    (
        "catalogue/store.json",
        include_str!("../../../../../xtask/tests/fixtures/base/catalogue/store.json"),
    ),
    (
        "catalogue/datasette/host.json",
        include_str!("../../../../../xtask/tests/fixtures/base/catalogue/datasette/host.json"),
    ),
    (
        "catalogue/datasette/graphql.json",
        include_str!("../../../../../xtask/tests/fixtures/base/catalogue/datasette/graphql.json"),
    ),
    (
        "catalogue/fiab/host.json",
        include_str!("../../../../../xtask/tests/fixtures/base/catalogue/fiab/host.json"),
    ),
    (
        "catalogue/fiab/ecmwf.json",
        include_str!("../../../../../xtask/tests/fixtures/base/catalogue/fiab/ecmwf.json"),
    ),
];

/// Saved answers of the small store.
pub(super) static ANSWERS: LazyLock<Vec<Answer>> = LazyLock::new(|| {
    let texts = [
        include_str!("../../../../../xtask/tests/fixtures/base/answers/pypi/datasette.json"),
        include_str!(
            "../../../../../xtask/tests/fixtures/base/answers/pypi/datasette-graphql.json"
        ),
        include_str!("../../../../../xtask/tests/fixtures/base/answers/pypi/fiab-core.json"),
        include_str!(
            "../../../../../xtask/tests/fixtures/base/answers/pypi/fiab-plugin-ecmwf.json"
        ),
    ];
    texts
        .iter()
        .map(|text| serde_json::from_str(text).expect("an answer of the fixtures"))
        .collect()
});

/// Compiled-in schemas.
pub(super) static SCHEMAS: LazyLock<Schemas> = LazyLock::new(|| {
    Schemas::new(&shopfront_text::embedded::overlaid(
        &shopfront_check::schema::embedded::schemas(),
        BTreeMap::new(),
    ))
    .expect("our own schemas compile")
});

/// Small store, loaded.
pub(super) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| load(&base()).catalogue);

/// Returns the files of the small store, by path.
pub(super) fn base() -> BTreeMap<String, Vec<u8>> {
    BASE.iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

/// Returns the catalogue of these files.
pub(super) fn load(files: &BTreeMap<String, Vec<u8>>) -> Loaded {
    let listed: Vec<WalkEntry> = files
        .keys()
        .map(|path| WalkEntry {
            path: path.clone(),
            kind: EntryKind::File,
        })
        .collect();
    let read = |path: &str, most: usize| -> Result<Vec<u8>, Error> {
        Ok(files[path].iter().take(most + 1).copied().collect())
    };
    load::run(&listed, load::MAX_FILES, &read, &SCHEMAS)
        .expect("nothing that people write stops the program")
}

/// Sink that keeps published artifacts.
#[derive(Default)]
pub(super) struct Memory(Mutex<Vec<Artifact>>);

impl Memory {
    /// Returns all artifacts.
    pub(super) fn artifacts(self) -> Vec<Artifact> {
        self.0.into_inner().expect("no thread died with it")
    }
}

impl Sink for Memory {
    fn put(&self, artifact: Artifact) -> Result<(), Error> {
        self.0
            .lock()
            .expect("no thread died with it")
            .push(artifact);
        Ok(())
    }

    fn stream(&self, path: &str) -> Result<Box<dyn Stream + '_>, Error> {
        Ok(Box::new(Growing {
            memory: self,
            artifact: Artifact::new(path, ""),
        }))
    }
}

struct Growing<'m> {
    memory: &'m Memory,
    artifact: Artifact,
}

impl Write for Growing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.artifact.bytes.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Stream for Growing<'_> {
    fn finish(self: Box<Self>) -> Result<(), Error> {
        self.memory.put(self.artifact)
    }
}
