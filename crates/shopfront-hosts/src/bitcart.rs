//! Bitcart: plugins are `.bitcart` archives, which the server unpacks into the directories of its
//! components.

mod compose;
mod constraint;
mod contents;
mod document;
mod folders;
mod manifest;
mod marketplace;
mod parts;
mod reader;

use serde_json::{Map, Value};

use self::constraint::Constraint;
use self::contents::Contents;
use super::{
    Adapter, ArchiveLocation, HostFiles, HostFilesInput, HostVersions, InspectedRelease, Install,
    Kind, Major, archive_location, listed_fact, named_versions,
};
use shopfront_model::answers::{Project, Release};
use shopfront_model::bundle::BundleReader;
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::registry_rules;
use shopfront_model::registry_rules::SourceAccess;
use shopfront_text as text;
use shopfront_text::texts;

/// Entry in the table of kinds.
pub(super) static KIND: Kind = Kind {
    name: "bitcart",
    host_schema: "host-bitcart.schema.json",
    snippet_schema: "plugin-bitcart.schema.json",
    schemas: texts!("schema":
        "bitcart-plugins.schema.json",
        "host-bitcart.schema.json",
        "plugin-bitcart.schema.json",
    ),
    open,
};

struct Bitcart {
    majors: Vec<Major>,
}

fn open(settings: &Map<String, Value>) -> Box<dyn Adapter> {
    Box::new(Bitcart {
        majors: named_versions(settings),
    })
}

impl Adapter for Bitcart {
    fn majors(&self, _host_project: Option<&Project>) -> Vec<Major> {
        self.majors.clone()
    }

    fn compatible_majors(
        &self,
        versions: &HostVersions,
        _project: &Project,
        release: &Release,
    ) -> Vec<usize> {
        // No compatibility is claimed for a release with an unreadable manifest.
        let contents = release.contents_of(KIND.name).and_then(Contents::from);
        if release.yanked || contents.is_none_or(|contents| contents.refused) {
            return Vec::new();
        }
        let written = release.requires.get("bitcart").map_or("", String::as_str);
        match Constraint::parse(written) {
            Ok(constraint) => versions.positions(|major| constraint.allows(&major.newest)),
            Err(_) => Vec::new(),
        }
    }

    fn registry(&self) -> &'static str {
        registry_rules::pinned::ID
    }

    fn reader(&self) -> Option<&dyn BundleReader> {
        Some(&reader::Reader)
    }

    fn facets(&self, newest: &Release) -> Vec<(&'static str, &'static str)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else {
            return Vec::new();
        };
        let extends = contents.extends().map(|extends| ("extends", extends));
        let reach = contents.brings.as_ref().map(|it| {
            (
                "reach",
                if it.reaches_the_server() {
                    "server"
                } else {
                    "plugin"
                },
            )
        });
        extends.into_iter().chain(reach).collect()
    }

    fn details(&self, newest: &Release) -> Vec<(&'static str, String)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else {
            return Vec::new();
        };
        let parts: Vec<String> = contents
            .parts
            .iter()
            .map(|part| part.kind.name().to_owned())
            .collect();
        let brings = contents.brings.unwrap_or_default();
        let npm: Vec<String> = brings
            .npm
            .iter()
            .map(|(name, range)| format!("{name} {range}"))
            .collect();
        let services: Vec<String> = brings.services.keys().cloned().collect();
        let mighty = brings
            .services
            .iter()
            .filter(|(_, service)| service.docker_socket || service.privileged);
        let mighty: Vec<String> = mighty.map(|(name, _)| name.clone()).collect();
        let lists = [
            ("parts", &parts),
            ("python_requirements", &brings.python),
            ("npm_packages", &npm),
            ("services", &services),
            ("mighty_services", &mighty),
            ("patches", &brings.patches),
            ("rules", &brings.rules),
        ];
        lists
            .into_iter()
            .filter_map(|(label, items)| listed_fact(label, items))
            .collect()
    }

    /// The URL of the marketplace is a constant of the released panel: users download the archive
    /// and upload it to their server.
    fn install(
        &self,
        host: &Host,
        snippet: &Snippet,
        access: &SourceAccess,
        offers: &[InspectedRelease],
    ) -> Vec<Install> {
        let own = host
            .body
            .install
            .as_ref()
            .map(|template| template.replace("{project}", &snippet.id));
        let newest = offers.iter().find(|offer| offer.is_stable());
        let command = own.or_else(|| {
            newest
                .filter(|offer| is_archive(offer, snippet))
                .map(|offer| upload(snippet, access, offer))
        });
        command
            .map(|command| Install {
                tool: "curl".to_owned(),
                command,
            })
            .into_iter()
            .collect()
    }

    fn store_path(&self) -> Option<&'static str> {
        None
    }

    fn documents(&self, desk: &HostFilesInput<'_>) -> HostFiles {
        marketplace::documents(desk)
    }
}

/// Returns `true` if a server accepts the archive of `offer` unchanged; it does not accept that
/// of a whole repository.
fn is_archive(offer: &InspectedRelease, snippet: &Snippet) -> bool {
    let name = offer
        .file
        .as_ref()
        .map(|file| file.name.to_ascii_lowercase())
        .unwrap_or_default();
    let is_called_so = reader::Reader
        .extensions()
        .iter()
        .any(|(ending, _)| name.ends_with(ending));
    is_called_so && snippet.locator.subdirectory.is_none()
}

/// Returns the command that uploads the archive of `offer` to a server, after a download if
/// necessary.
fn upload(snippet: &Snippet, access: &SourceAccess, offer: &InspectedRelease) -> String {
    let (named, fetch) =
        match archive_location(snippet, access, &offer.version, offer.file.as_ref()) {
            Some(ArchiveLocation::Here(file)) => (file.to_owned(), String::new()),
            Some(ArchiveLocation::There(url)) => {
                let named = format!("{}.bitcart", snippet.id);
                (
                    named.clone(),
                    format!("curl -fLo {named} {} && ", text::shell_word(&url)),
                )
            }
            None => (format!("{}.bitcart", snippet.id), String::new()),
        };
    format!(
        "{fetch}curl -H \"Authorization: Bearer $TOKEN\" -F plugin=@{named} https://bitcart.example/plugins/install"
    )
}
