//! Bitcart: plugins are `.bitcart` archives, which the server unpacks into the folders of its parts.

mod compose;
mod constraint;
mod contents;
mod document;
mod folders;
mod manifest;
mod marketplace;
mod parts;
mod reader;

use std::str::FromStr;

use pep440_rs::Version;
use serde_json::{Map, Value};

use self::constraint::Constraint;
use self::contents::Contents;
use super::{Adapter, Desk, Document, HostVersions, Install, Kind, Major, listed_fact, named_versions};
use crate::answers::{Project, Release};
use crate::bundle::BundleReader;
use crate::catalogue::{Host, Pin, Snippet};
use crate::registry;
use crate::text;

/// Its line of the table.
pub(super) static KIND: Kind =
    Kind { name: "bitcart", host_schema: "host-bitcart.schema.json", snippet_schema: "plugin-bitcart.schema.json", open };

struct Bitcart {
    majors: Vec<Major>,
}

fn open(settings: &Map<String, Value>) -> Box<dyn Adapter> {
    Box::new(Bitcart { majors: named_versions(settings) })
}

impl Adapter for Bitcart {
    fn majors(&self, _host_project: Option<&Project>) -> Vec<Major> {
        self.majors.clone()
    }

    fn fits(&self, versions: &HostVersions, _project: &Project, release: &Release) -> Vec<usize> {
        // Of a release whose manifest nobody could read, nothing is claimed.
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
        registry::pinned::ID
    }

    fn reader(&self) -> Option<&dyn BundleReader> {
        Some(&reader::Reader)
    }

    fn traits(&self, newest: &Release) -> Vec<(&'static str, &'static str)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else { return Vec::new() };
        let extends = contents.extends().map(|extends| ("extends", extends));
        let reach = contents.brings.as_ref().map(|it| ("reach", if it.reaches_the_server() { "server" } else { "plugin" }));
        extends.into_iter().chain(reach).collect()
    }

    fn told(&self, newest: &Release) -> Vec<(&'static str, String)> {
        let Some(contents) = newest.contents_of(KIND.name).and_then(Contents::from) else { return Vec::new() };
        let parts: Vec<String> = contents.parts.iter().map(|part| part.kind.name().to_owned()).collect();
        let brings = contents.brings.unwrap_or_default();
        let npm: Vec<String> = brings.npm.iter().map(|(name, range)| format!("{name} {range}")).collect();
        let services: Vec<String> = brings.services.keys().cloned().collect();
        let mighty = brings.services.iter().filter(|(_, service)| service.docker_socket || service.privileged);
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
        lists.into_iter().filter_map(|(label, items)| listed_fact(label, items)).collect()
    }

    /// The address of the marketplace is a constant of the released panel: people fetch the archive, and give it to their server.
    fn install(&self, host: &Host, snippet: &Snippet) -> Vec<Install> {
        let own = host.body.install.as_ref().map(|template| template.replace("{project}", &snippet.id));
        vec![Install { tool: "curl".to_owned(), command: own.unwrap_or_else(|| upload(snippet)) }]
    }

    fn entrance(&self) -> Option<&'static str> {
        None
    }

    fn documents(&self, desk: &Desk<'_>) -> Vec<Document> {
        marketplace::documents(desk)
    }
}

/// Gives the newest archive of `snippet` to a server; fetches it first where it lies elsewhere.
fn upload(snippet: &Snippet) -> String {
    let version = |pin: &Pin| Version::from_str(&pin.version).ok();
    let stable = snippet.locator.archive.iter().filter(|pin| version(pin).is_some_and(|version| !version.any_prerelease()));
    let newest = stable.max_by_key(|pin| version(pin));
    let named = newest.and_then(|pin| pin.file.clone()).unwrap_or_else(|| format!("{}.bitcart", snippet.id));
    let fetch = newest.and_then(|pin| pin.url.as_deref()).map(|url| format!("curl -fLo {named} {} && ", text::shell_word(url)));
    let give = format!("curl -H \"Authorization: Bearer $TOKEN\" -F plugin=@{named} https://bitcart.example/plugins/install");
    fetch.unwrap_or_default() + &give
}
