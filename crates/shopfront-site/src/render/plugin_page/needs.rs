//! What the newest release needs: its dependencies, those of its extras apart, and of its host what
//! no version is that the store shows.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::merge::{Entry, Store};
use shopfront_model::adapter;
use shopfront_model::answers::{Project, Release};
use shopfront_package::requirement::{self, Wanted};

/// Dependencies that are installed as well.
#[derive(Default, Serialize)]
pub(super) struct Dependencies<'s> {
    required: Vec<&'s str>,
    /// What is installed when somebody asks for the extra of this name.
    extras: Vec<Extra>,
}

#[derive(Serialize)]
struct Extra {
    name: String,
    required: Vec<String>,
}

impl<'s> Dependencies<'s> {
    pub(super) fn of(written: &'s [String]) -> Dependencies<'s> {
        let mut required = Vec::new();
        let mut extras: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for one in written {
            match requirement::of_extra(one) {
                Some((name, bare)) => extras.entry(name).or_default().push(bare),
                None => required.push(one.as_str()),
            }
        }
        let extras = extras
            .into_iter()
            .map(|(name, required)| Extra { name, required })
            .collect();
        Dependencies { required, extras }
    }
}

/// What an entry that fits no shown version of its host wants of it.
#[derive(Serialize)]
pub(super) struct HostNeed {
    /// The least version, where that is all.
    at_least: Option<String>,
    range: String,
    /// The newest release of the host.
    newest: Option<String>,
    /// The newest pre-release of the host, where that is what it wants.
    prerelease: Option<String>,
}

impl HostNeed {
    /// Of the newest `release` of `entry`; `None` where it fits, where nobody says what it wants,
    /// and where something else is why it fits none.
    pub(super) fn of(
        store: &Store<'_>,
        entry: Entry<'_>,
        project: &Project,
        release: &Release,
    ) -> Option<HostNeed> {
        let versions = &store.versions[&entry.host.id];
        let card = entry.card;
        let is_else = card.left_out
            || card.gone
            || card.quarantined
            || card.is_yanked()
            || entry.snippet.is_withdrawn();
        if versions.majors.is_empty() || !card.compatible.is_empty() || is_else {
            return None;
        }
        if adapter::identity_mismatch(entry.host, entry.snippet, release).is_some() {
            return None;
        }
        let newest = versions.newest.as_ref().map(ToString::to_string);
        if entry.host.adapter.reader().is_some() {
            // Beside its host a package may want other things, such as the machine that both run
            // on.
            let mut wanted = release.requires.iter();
            let only = wanted.next().filter(|_| wanted.next().is_none());
            let (name, range) = release
                .requires
                .get_key_value(entry.host.kind.name)
                .or(only)?;
            return Some(HostNeed {
                at_least: None,
                range: format!("{name} {range}"),
                newest,
                prerelease: None,
            });
        }
        let required = project.facts_of(release)?.requires_dist.as_deref()?;
        let range = requirement::range_of(&entry.host.adapter.host_project()?.name, required)?;
        if versions
            .majors
            .iter()
            .any(|major| range.contains(&major.newest))
        {
            return None;
        }
        let prerelease = versions
            .newest_of_all
            .as_ref()
            .filter(|it| it.any_prerelease() && range.contains(it))
            .map(ToString::to_string);
        let (at_least, range) = match range.wanted()? {
            Wanted::AtLeast(version) => (Some(version), String::new()),
            Wanted::Specifiers(range) => (None, range),
        };
        Some(HostNeed {
            at_least,
            range,
            newest,
            prerelease,
        })
    }
}
