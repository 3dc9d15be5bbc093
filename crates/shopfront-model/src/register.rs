//! Who holds which name: the one guard for ids, former ids, display names, and what tombstones keep
//! for ever.
//!
//! Names are held below a host, under the form in which they look alike ([`names::skeleton`]).
//! Whoever takes a name, be it a change of the catalogue or another store, asks here who has it.

use std::collections::BTreeMap;

use crate::answers::ProjectKey;
use crate::catalogue::{Catalogue, Snippet};
use shopfront_text::names;

/// Something that no two entries of one host may have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// A name: an id, a former id or a display name, as it looks.
    Name(String),
    /// The uid of a plugin.
    Uid(String),
    /// A project that was withdrawn.
    Project(ProjectKey),
}

/// What a name is to the entry that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldAs {
    /// Its id.
    Id,
    /// An id that it had before.
    FormerId,
    /// What people call it.
    DisplayName,
    /// The uid of its plugin.
    Plugin,
    /// The same, of a tombstone.
    WithdrawnPlugin,
    /// The project of a tombstone.
    WithdrawnProject,
}

/// An entry with a name that it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The host of the entry.
    pub host: String,
    /// Its id.
    pub id: String,
    /// The store that it is of; `None` for this one.
    pub store: Option<String>,
    /// What the name is to it.
    pub held_as: HeldAs,
    /// The name as it is written.
    pub name: String,
}

impl Holder {
    /// What is held, in words: "the former id `ecmwf` of `ecmwf-base`".
    pub fn words(&self) -> String {
        let Holder { id, name, .. } = self;
        let held = match self.held_as {
            HeldAs::Id => format!("the id `{id}`"),
            HeldAs::FormerId => format!("the former id `{name}` of `{id}`"),
            HeldAs::DisplayName => format!("the name `{name}` of `{id}`"),
            HeldAs::Plugin => format!("the uid of `{id}`"),
            HeldAs::WithdrawnPlugin => format!("the uid of `{id}`, which was withdrawn"),
            HeldAs::WithdrawnProject => {
                format!("the project `{name}` of `{id}`, which was withdrawn")
            }
        };
        match &self.store {
            Some(store) => format!("{held} in the store `{store}`"),
            None => held,
        }
    }
}

/// Every name that is held.
#[derive(Default)]
pub struct Register {
    /// By claim and host: another store may have one name below very many hosts.
    held: BTreeMap<(Claim, String), Vec<Holder>>,
    /// What titles of hosts look like, by host.
    titles: BTreeMap<String, String>,
    /// Hosts, by what their ids look like.
    hosts: BTreeMap<String, String>,
}

impl Register {
    /// What the entries of `catalogue` hold, tombstones included.
    pub fn of(catalogue: &Catalogue) -> Register {
        let titles = catalogue
            .hosts
            .values()
            .map(|host| (host.id.to_string(), names::skeleton(&host.body.title)))
            .collect();
        let hosts = catalogue
            .hosts
            .keys()
            .map(|id| (names::skeleton(id.as_str()), id.to_string()))
            .collect();
        let mut register = Register {
            held: BTreeMap::new(),
            titles,
            hosts,
        };
        for snippet in &catalogue.snippets {
            let claims = register.claims_of(snippet);
            register.hold(claims);
        }
        register
    }

    /// An id, as what nobody else may have.
    pub fn id(id: &str) -> Claim {
        Claim::Name(names::skeleton(id))
    }

    /// A display name of an entry of `host`, as what nobody else may have.
    pub fn display_name(&self, host: &str, name: &str) -> Claim {
        let look = names::skeleton(name);
        let title = self
            .titles
            .get(host)
            .map(String::as_str)
            .unwrap_or_default();
        Claim::Name(names::without_host(&look, title).to_owned())
    }

    /// Who of `host` holds `claim`, the first first.
    pub fn holders(&self, host: &str, claim: &Claim) -> impl Iterator<Item = &Holder> {
        self.held
            .get(&(claim.clone(), host.to_owned()))
            .into_iter()
            .flatten()
    }

    /// Who holds `claim`, of whatever host.
    pub fn anywhere(&self, claim: &Claim) -> impl Iterator<Item = &Holder> {
        let from_first_host = (claim.clone(), String::new())..;
        self.held
            .range(from_first_host)
            .take_while(move |((held, _), _)| held == claim)
            .flat_map(|(_, holders)| holders)
    }

    /// The host of this store that `host` looks like, without being it.
    pub fn host_like(&self, host: &str) -> Option<&str> {
        let look = names::skeleton(host);
        self.hosts
            .get(&look)
            .map(String::as_str)
            .filter(|known| *known != host)
    }

    /// Adds what is held from now on.
    pub fn hold(&mut self, claims: impl IntoIterator<Item = (Claim, Holder)>) {
        for (claim, holder) in claims {
            self.held
                .entry((claim, holder.host.clone()))
                .or_default()
                .push(holder);
        }
    }

    fn claims_of(&self, snippet: &Snippet) -> Vec<(Claim, Holder)> {
        let host = snippet.host.as_str();
        let holder = |held_as: HeldAs, name: &str| Holder {
            host: host.to_owned(),
            id: snippet.id.clone(),
            store: None,
            held_as,
            name: name.to_owned(),
        };
        let plugin = if snippet.is_withdrawn() {
            HeldAs::WithdrawnPlugin
        } else {
            HeldAs::Plugin
        };
        let mut claims = vec![
            (Register::id(&snippet.id), holder(HeldAs::Id, &snippet.id)),
            (
                Claim::Uid(snippet.uid.0.clone()),
                holder(plugin, &snippet.uid.0),
            ),
        ];
        claims.extend(
            snippet
                .body
                .formerly
                .iter()
                .map(|id| (Register::id(id), holder(HeldAs::FormerId, id))),
        );
        if snippet.is_withdrawn() {
            // The archives of a snippet are a project of its own, which no other store can name.
            let project = Some(&snippet.source).filter(|source| source.has_registry());
            claims.extend(project.map(|it| {
                (
                    Claim::Project(it.clone()),
                    holder(HeldAs::WithdrawnProject, &it.name),
                )
            }));
            return claims;
        }
        let name = &snippet.body.display_name;
        claims.push((
            self.display_name(host, name),
            holder(HeldAs::DisplayName, name),
        ));
        claims
    }
}
