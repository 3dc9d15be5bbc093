//! Sessions of `host` commands: an environment, its saved state, the stores, and the selected host.

use std::collections::BTreeMap;

use super::Options;
use super::stores::{Published, Stores};
use crate::client::{Host, Plugin, Record, Recovery, State, Target, key};
use crate::venv::{Installed, Lock, PythonEnvironment};
use shopfront_diagnostics::error::Error;
use shopfront_text::names::{nearest, normal_project};
use shopfront_text::one_line;

/// Access of a command to the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Reads only.
    Read,
    /// Changes the environment, with exclusive access.
    Write,
}

/// State of a `host` command.
pub(super) struct Session {
    pub(super) environment: PythonEnvironment,
    /// Installed projects by normalized name.
    pub(super) installed: BTreeMap<String, Installed>,
    pub(super) state: State,
    pub(super) stores: Stores,
    pub(super) host: Host,
    pub(super) target: Target,
    /// Lock of a command that changes the environment.
    pub(super) lock: Option<Lock>,
    /// Notes that are reported beside the output.
    pub(super) notes: Vec<String>,
}

/// Plugin that the user named: listed, recorded, or both.
pub(super) struct Known {
    /// `host/id`
    pub(super) key: String,
    pub(super) id: String,
    /// Normalized name of the project.
    pub(super) project: String,
    pub(super) module_name: String,
    /// URL or directory of its store.
    pub(super) store: String,
    /// URL of the index that its store names. `None` for the installer's default.
    registry_url: Option<String>,
    /// `true` if the named store lists the plugin itself, and not an upstream that it merges.
    is_own: bool,
}

impl Session {
    /// Opens the environment, recovers the operation of a killed run, and reads the stores.
    pub(super) fn open(options: &Options, need: Access) -> Result<Session, Error> {
        let Some(folder) = &options.environment else {
            let fault = Error::new("no environment was named");
            return Err(
                fault.help("name a virtual environment with `--environment DIR`, or activate one")
            );
        };
        let environment = PythonEnvironment::open(folder)?;
        let held = match need {
            Access::Write => Some(environment.lock()?),
            Access::Read => environment.lock().ok(),
        };
        let mut state = environment
            .state()?
            .map_or_else(|| Ok(State::default()), |text| State::parse(&text))?;
        let installed = environment.installed()?;
        let mut notes = Vec::new();
        // The pending operation of another active run must not be touched.
        if held.is_some() {
            environment.tidy();
            notes.extend(recover(&environment, &mut state, &installed)?);
        }
        // A read-only command does not block others while it reads stores.
        let lock = held.filter(|_| need == Access::Write);
        let stores = options.stores(environment.folder.clone())?;
        let (host, secondary) = host(options, &stores, &installed)?;
        notes.extend(secondary);
        let there = installed
            .get(&normal_project(&host.project))
            .map(|it| it.version.as_str());
        let target = Target::of(&host, there, environment.python_version.as_ref());
        notes.extend(stores.all.iter().filter_map(note));
        Ok(Session {
            environment,
            installed,
            state,
            stores,
            host,
            target,
            lock,
            notes,
        })
    }

    /// Saves the state.
    pub(super) fn save(&self) -> Result<(), Error> {
        self.environment.save_state(&self.state.text()?)
    }

    /// Reads the installed projects again.
    pub(super) fn look(&mut self) -> Result<(), Error> {
        self.installed = self.environment.installed()?;
        Ok(())
    }

    /// Returns the named id without the host prefix.
    fn id<'i>(&self, named: &'i str) -> &'i str {
        named
            .strip_prefix(&self.host.id)
            .and_then(|rest| rest.strip_prefix('/'))
            .unwrap_or(named)
    }

    /// Returns the named plugin as a store lists it now.
    pub(super) fn listed(&self, named: &str) -> Result<(&Published, &Plugin), Error> {
        let id = self.id(named);
        match self.stores.find(&key(&self.host.id, id))? {
            Some(found) => Ok(found),
            None => Err(self.unknown(id)),
        }
    }

    /// Returns the named plugin, even if no store lists it any more or no store can be read.
    pub(super) fn known(&self, named: &str) -> Result<Known, Error> {
        let id = self.id(named);
        let key = key(&self.host.id, id);
        if let Some(Record {
            project,
            module_name,
            store,
            ..
        }) = self.state.plugins.get(&key)
        {
            let (module_name, store) = (module_name.clone(), store.clone());
            return Ok(Known {
                key,
                id: id.to_owned(),
                project: normal_project(project),
                module_name,
                store,
                registry_url: None,
                is_own: true,
            });
        }
        self.listed(named)
            .map(|(published, plugin)| Known::of(published, plugin))
    }

    /// Returns the named plugin like [`Session::known`], if it is installed.
    pub(super) fn installed_one(&self, named: &str) -> Result<Known, Error> {
        let known = self.known(named)?;
        if self.installed.contains_key(&known.project) {
            return Ok(known);
        }
        let fault = Error::new(format!(
            "`{}` is not installed: there is no {} in this environment",
            known.id, known.project
        ));
        Err(fault.help(format!(
            "`{} host install {}` installs it",
            shopfront_diagnostics::program::name(),
            shopfront_text::shell_word(&known.id)
        )))
    }

    /// Returns every installed plugin that a store lists or the state records, by id.
    pub(super) fn all_installed(&self) -> Vec<Known> {
        let listed = self.stores.plugins_of(&self.host.id);
        let mut all: BTreeMap<String, Known> = listed
            .values()
            .map(|(published, plugin)| Known::of(published, plugin))
            .map(|it| (it.id.clone(), it))
            .collect();
        let remembered = self
            .state
            .plugins
            .keys()
            .filter_map(|key| key.strip_prefix(&self.host.id)?.strip_prefix('/'));
        all.extend(remembered.filter_map(|id| Some((id.to_owned(), self.known(id).ok()?))));
        all.into_values()
            .filter(|known| self.installed.contains_key(&known.project))
            .collect()
    }

    /// Whether a plugin is one that the store lists itself, or that was installed as a plugin.
    pub(super) fn is_ours(&self, known: &Known) -> bool {
        known.is_own || self.state.plugins.contains_key(&known.key)
    }

    /// Returns the record of a plugin.
    pub(super) fn record(&mut self, known: &Known) -> &mut Record {
        let Known {
            project,
            module_name,
            store,
            ..
        } = known;
        let fresh = || Record {
            project: project.clone(),
            module_name: module_name.clone(),
            store: store.clone(),
            enabled: true,
            status: None,
        };
        self.state
            .plugins
            .entry(known.key.clone())
            .or_insert_with(fresh)
    }

    fn unknown(&self, id: &str) -> Error {
        let listed = self.stores.plugins_of(&self.host.id);
        let fault = Error::new(format!(
            "no store has a plugin `{}` for the host `{}`",
            one_line(id, 80),
            self.host.id
        ));
        match nearest(id, listed.keys().copied()) {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!(
                "`{} host list` shows what there is",
                shopfront_diagnostics::program::name()
            )),
        }
    }
}

impl Known {
    pub(super) fn of(published: &Published, plugin: &Plugin) -> Known {
        Known {
            key: key(&plugin.host, &plugin.id),
            id: plugin.id.clone(),
            project: normal_project(&plugin.project),
            module_name: plugin.module_name.clone(),
            store: published.address.clone(),
            registry_url: plugin.registry_url.clone(),
            is_own: published
                .store
                .as_ref()
                .is_some_and(|store| store.id == plugin.store),
        }
    }

    /// Returns the index to install from: the one that the user named, else the one that the store
    /// names.
    ///
    /// # Errors
    /// Returns an error if an upstream chose the index: whoever controls the index determines every
    /// dependency.
    pub(super) fn index<'k>(&'k self, options: &'k Options) -> Result<Option<&'k str>, Error> {
        match (&options.index_url, &self.registry_url) {
            (Some(named), _) => Ok(Some(named)),
            (None, Some(url)) if !self.is_own => {
                let message = format!(
                    "`{}` is of a store that is merged into {}, with an index of its own: {}",
                    self.id,
                    self.store,
                    one_line(url, 200)
                );
                Err(Error::new(message).help("if you trust that index, name it with `--index-url`"))
            }
            (None, url) => Ok(url.as_deref()),
        }
    }
}

/// Recovers the operation of a killed run, and returns a note about it.
fn recover(
    environment: &PythonEnvironment,
    state: &mut State,
    installed: &BTreeMap<String, Installed>,
) -> Result<Option<String>, Error> {
    match state.recover(installed) {
        Recovery::Quiet => Ok(None),
        Recovery::Told(words) => {
            environment.save_state(&state.text()?)?;
            Ok(Some(words))
        }
    }
}

/// The host that a person named, or else the only one that is installed of the first store that has
/// one, or else the only one; and what is to be said of those that later stores add.
fn host(
    options: &Options,
    stores: &Stores,
    installed: &BTreeMap<String, Installed>,
) -> Result<(Host, Option<String>), Error> {
    let hosts = stores.hosts();
    if hosts.is_empty() {
        let unread = stores
            .all
            .iter()
            .find_map(|published| published.note.trouble.clone());
        let message = unread
            .unwrap_or_else(|| "no store has a host of the kinds `fiab` and `python`".to_owned());
        return Err(Error::new(message)
            .help("name a published store with `--store`, by its address or its folder"));
    }
    let names = || hosts.keys().copied().collect::<Vec<_>>().join(", ");
    if let Some(wanted) = &options.host {
        let found = hosts.get(wanted.as_str()).map(|host| (*host).clone());
        let fault = || {
            Error::new(format!(
                "no store has a host `{}` of the kinds `fiab` and `python`",
                one_line(wanted, 80)
            ))
        };
        return found
            .map(|host| (host, None))
            .ok_or_else(|| fault().help(format!("there are: {}", names())));
    }
    let is_here = |host: &&Host| installed.contains_key(&normal_project(&host.project));
    let of_store = |published: &Published| -> Vec<Host> {
        let own = published
            .store
            .iter()
            .flat_map(|store| store.hosts.values());
        own.filter(is_here)
            .filter_map(|host| hosts.get(host.id.as_str()).map(|first| (*first).clone()))
            .collect()
    };
    // The store that was named first decides: another must not take a word away from it by a host
    // of its own.
    let here = stores
        .all
        .iter()
        .map(of_store)
        .find(|here| !here.is_empty())
        .unwrap_or_default();
    match (here.as_slice(), hosts.len()) {
        ([host], _) => {
            let secondary: Vec<&str> = hosts
                .values()
                .filter(|it| is_here(it) && it.id != host.id)
                .map(|it| it.id.as_str())
                .collect();
            let told = || {
                format!(
                    "this is about the host {}; others are installed here too, name one with `--host`: {}",
                    host.id,
                    secondary.join(", ")
                )
            };
            Ok((host.clone(), (!secondary.is_empty()).then(told)))
        }
        ([], 1) => hosts
            .into_values()
            .next()
            .cloned()
            .map(|host| (host, None))
            .ok_or_else(|| Error::new("there is no host")),
        ([], _) => Err(
            Error::new("no host of the store is installed in this environment")
                .help(format!("name one with `--host`: {}", names())),
        ),
        _ => Err(
            Error::new("several hosts of the store are installed in this environment")
                .help(format!("name one with `--host`: {}", names())),
        ),
    }
}

/// Returns the note about a store that could not be read now.
fn note(published: &Published) -> Option<String> {
    let why = one_line(published.note.trouble.as_ref()?, 300);
    Some(match published.note.checked_at {
        Some(at) => format!("{}: its copy of {at} is used: {why}", published.address),
        None => format!("{}: {why}", published.address),
    })
}
