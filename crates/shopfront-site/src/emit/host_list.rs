//! `api/v1/hosts.json`: every host and its versions, by which a client knows what it looks after.

use serde::Serialize;

use super::formats::Head;
use super::whole;
use crate::artifact::Sink;
use crate::merge::Store;
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;
use shopfront_model::catalogue::{Category, Host};

/// Writes it.
pub(super) fn document(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let hosts = store
        .catalogue
        .hosts
        .values()
        .map(|host| HostEntry::of(store, host))
        .collect();
    whole(
        "api/v1/hosts.json",
        "api-hosts.schema.json",
        &Hosts {
            head: Head::of(store),
            hosts,
        },
        schemas,
        sink,
    )
}

#[derive(Serialize)]
struct Hosts<'s> {
    #[serde(flatten)]
    head: Head<'s>,
    hosts: Vec<HostEntry<'s>>,
}

/// One entry of `api/v1/hosts.json`.
#[derive(Serialize)]
struct HostEntry<'s> {
    id: &'s str,
    kind: &'static str,
    title: &'s str,
    description: &'s str,
    homepage: Option<&'s str>,
    page: String,
    project: Option<ProjectName>,
    version: Option<String>,
    majors: Vec<MajorNote<'s>>,
    categories: Vec<CategoryNote<'s>>,
}

/// One category that a host explains.
#[derive(Serialize)]
struct CategoryNote<'s> {
    id: &'s str,
    title: &'s str,
    description: Option<&'s str>,
}

/// A project of a registry.
#[derive(Serialize)]
struct ProjectName {
    kind: &'static str,
    name: String,
}

/// One major version of a host.
#[derive(Serialize)]
struct MajorNote<'s> {
    name: &'s str,
    newest: String,
}

impl<'s> HostEntry<'s> {
    /// The host as it is published.
    fn of(store: &'s Store<'_>, host: &'s Host) -> HostEntry<'s> {
        let versions = &store.versions[&host.id];
        let project = host.adapter.host_project().map(|key| ProjectName {
            kind: key.registry,
            name: key.name,
        });
        HostEntry {
            id: host.id.as_str(),
            kind: host.kind.name,
            title: &host.body.title,
            description: &host.body.description,
            homepage: host.body.homepage.as_deref(),
            page: format!("{}{}/", store.file.url, host.id),
            project,
            version: versions.newest.as_ref().map(ToString::to_string),
            majors: versions
                .majors
                .iter()
                .map(|major| MajorNote {
                    name: &major.name,
                    newest: major.newest.to_string(),
                })
                .collect(),
            categories: host.body.categories.iter().map(CategoryNote::of).collect(),
        }
    }
}

impl<'s> CategoryNote<'s> {
    fn of(category: &'s Category) -> CategoryNote<'s> {
        CategoryNote {
            id: &category.id,
            title: &category.title,
            description: category.description.as_deref(),
        }
    }
}
