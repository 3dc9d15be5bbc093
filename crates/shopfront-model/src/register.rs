//! Name ownership: the only check of ids, former ids, display names and names reserved by
//! tombstones.
//!
//! A name belongs to a host and is stored in the form that lookalikes share
//! ([`names::skeleton`]). Every change that claims a name is checked here, for the catalogue and
//! for other stores.

use std::collections::BTreeMap;

use crate::answers::ProjectKey;
use crate::catalogue::{Catalogue, Snippet};
use shopfront_text::names;

/// Identifier that must be unique among the entries of a host.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// Skeleton of an id, a former id or a display name.
    Name(String),
    /// Uid of a plugin.
    Uid(String),
    /// Withdrawn project.
    Project(ProjectKey),
}

/// Role of a claim in the entry that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HeldAs {
    /// Current id.
    Id,
    /// Former id.
    FormerId,
    /// Display name.
    DisplayName,
    /// Uid of the plugin.
    Plugin,
    /// Uid of a withdrawn plugin (tombstone).
    WithdrawnPlugin,
    /// Its project.
    Project,
    /// Project of a tombstone.
    WithdrawnProject,
    /// The project of the host itself.
    HostProject,
}

/// Entry that holds a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Host of the entry.
    pub host: String,
    /// Id of the entry.
    pub id: String,
    /// Store of the entry; `None` for this one.
    pub store: Option<String>,
    /// Role of the claim in the entry.
    pub held_as: HeldAs,
    /// Name in its original spelling.
    pub name: String,
}

impl Holder {
    /// Returns a description for messages: "the former id `ecmwf` of `ecmwf-base`".
    pub fn words(&self) -> String {
        let Holder { id, name, .. } = self;
        let held = match self.held_as {
            HeldAs::Id => format!("the id `{id}`"),
            HeldAs::FormerId => format!("the former id `{name}` of `{id}`"),
            HeldAs::DisplayName => format!("the name `{name}` of `{id}`"),
            HeldAs::Plugin => format!("the uid of `{id}`"),
            HeldAs::WithdrawnPlugin => format!("the uid of `{id}`, which was withdrawn"),
            HeldAs::Project => format!("the project `{name}` of `{id}`"),
            HeldAs::WithdrawnProject => {
                format!("the project `{name}` of `{id}`, which was withdrawn")
            }
            HeldAs::HostProject => format!("the project `{name}` of the host `{id}`"),
        };
        match &self.store {
            Some(store) => format!("{held} in the store `{store}`"),
            None => held,
        }
    }
}

/// All claims with their holders.
#[derive(Default)]
pub struct Register {
    /// Holders by claim and host: another store may have one name below very many hosts.
    held: BTreeMap<(Claim, String), Vec<Holder>>,
    /// Skeletons of host titles, by host.
    titles: BTreeMap<String, String>,
    /// Hosts by the skeleton of their id.
    hosts: BTreeMap<String, String>,
}

impl Register {
    /// Returns the claims of the entries of `catalogue`, tombstones included.
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
        for (id, project) in catalogue
            .hosts
            .iter()
            .filter_map(|(id, host)| Some((id.to_string(), host.adapter.host_project()?)))
        {
            let holder = Holder {
                host: id.clone(),
                id,
                store: None,
                held_as: HeldAs::HostProject,
                name: project.name.clone(),
            };
            register.hold([(Claim::Project(project), holder)]);
        }
        register
    }

    /// Returns the claim of an id.
    pub fn id(id: &str) -> Claim {
        Claim::Name(names::skeleton(id))
    }

    /// Returns the claim of a display name of an entry of `host`.
    pub fn display_name(&self, host: &str, name: &str) -> Claim {
        let look = names::skeleton(name);
        let title = self
            .titles
            .get(host)
            .map(String::as_str)
            .unwrap_or_default();
        Claim::Name(names::without_host(&look, title).to_owned())
    }

    /// Returns the holders of `claim` in `host`, first holder first.
    pub fn holders(&self, host: &str, claim: &Claim) -> impl Iterator<Item = &Holder> {
        self.held
            .get(&(claim.clone(), host.to_owned()))
            .into_iter()
            .flatten()
    }

    /// Returns the holders of `claim` in all hosts.
    pub fn anywhere(&self, claim: &Claim) -> impl Iterator<Item = &Holder> {
        let from_first_host = (claim.clone(), String::new())..;
        self.held
            .range(from_first_host)
            .take_while(move |((held, _), _)| held == claim)
            .flat_map(|(_, holders)| holders)
    }

    /// Returns the host of this store whose id resembles `host` but differs from it.
    pub fn host_like(&self, host: &str) -> Option<&str> {
        let look = names::skeleton(host);
        self.hosts
            .get(&look)
            .map(String::as_str)
            .filter(|known| *known != host)
    }

    /// The host of this store with a title that looks like `name`.
    pub fn host_with_title(&self, name: &str) -> Option<&str> {
        let look = names::skeleton(name);
        self.titles
            .iter()
            .find(|(_, title)| **title == look)
            .map(|(host, _)| host.as_str())
    }

    /// Adds claims with their holders.
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
        // The archives of a snippet are a project of its own, which no other store can name.
        let project = Some(&snippet.source).filter(|source| source.has_registry());
        let held_as = if snippet.is_withdrawn() {
            HeldAs::WithdrawnProject
        } else {
            HeldAs::Project
        };
        claims.extend(project.map(|it| (Claim::Project(it.clone()), holder(held_as, &it.name))));
        if snippet.is_withdrawn() {
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
