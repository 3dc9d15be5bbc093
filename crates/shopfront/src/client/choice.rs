//! Release selection: a pure function of the store's data and the environment.

use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::Version;

use super::facts::{Host, Kind, Plugin, Release, Releases};
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;

/// Environment that a release has to fit.
#[derive(Clone, Debug)]
pub struct Target {
    /// Kind of the host, which determines the rules.
    pub kind: Kind,
    /// Project whose version is relevant.
    pub project: String,
    /// Version of that project: the installed one, or the newest that the store lists.
    pub version: Option<Version>,
    /// `true` if that version is installed.
    pub is_installed: bool,
    /// Name of the major version in the store. `None` if the store does not list it.
    pub major: Option<String>,
    /// Python version on which the plugin will run.
    pub python: Option<Version>,
}

impl Target {
    /// Returns the target for `host`. `installed` is the installed version of the host's project.
    pub fn of(host: &Host, installed: Option<&str>, python: Option<&Version>) -> Target {
        let installed = installed.and_then(|version| Version::from_str(version).ok());
        let is_installed = installed.is_some();
        let version = installed.or_else(|| host.newest.clone());
        let major = version
            .as_ref()
            .and_then(|version| major_of(version, &host.majors));
        Target {
            kind: host.kind,
            project: host.project.clone(),
            version,
            is_installed,
            major,
            python: python.cloned(),
        }
    }

    /// Returns the host's project and its version as display text.
    pub fn shown(&self) -> String {
        let version = self
            .version
            .as_ref()
            .map(|version| format!(" {version}"))
            .unwrap_or_default();
        format!("{}{version}", self.project)
    }

    /// Returns the fit of `release`, as far as it is known before the installation.
    pub fn fit(&self, release: &Release) -> Fit {
        if let (Some(python), Some(range)) = (&self.python, &release.requires_python)
            && !range.contains(python)
        {
            return Fit::No(format!(
                "wants Python {}, and this is {python}",
                one_line(&range.to_string(), 120)
            ));
        }
        if self
            .major
            .as_ref()
            .is_some_and(|major| release.compatible.contains(major))
        {
            return Fit::Yes;
        }
        // The matrix has no rows for yanked releases and pre-releases. For hosts of the kind
        // `python`, it has the newest release only.
        let is_plain = release.yanked.is_none() && !release.version.any_prerelease();
        if !is_plain || (release.compatible.is_empty() && self.kind == Kind::Python) {
            return Fit::Unknown;
        }
        let fits = match release.compatible.as_slice() {
            [] => format!("fits no version of {}", self.project),
            majors => format!(
                "fits {} {}",
                self.project,
                one_line(&majors.join(", "), 120)
            ),
        };
        Fit::No(format!("{fits}, and this is {}", self.shown()))
    }
}

/// Returns the longest of `majors` with which `version` begins: `6` for 6.1.0, `0.10` for 0.10.2.
fn major_of(version: &Version, majors: &[String]) -> Option<String> {
    let begins = |major: &&String| {
        let numbers: Option<Vec<u64>> = major.split('.').map(|part| part.parse().ok()).collect();
        numbers.is_some_and(|numbers| version.release().starts_with(&numbers))
    };
    majors
        .iter()
        .filter(begins)
        .max_by_key(|major| major.len())
        .cloned()
}

/// Compatibility of a release with a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Compatible according to the store.
    Yes,
    /// Not in the store's data: the installer will determine it.
    Unknown,
    /// Incompatible. The reason is a verb phrase, as in `wants Python >=3.12, and this is 3.11.7`.
    No(String),
}

/// Requested release.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'w> {
    /// Newest release that fits.
    Newest,
    /// Exact version.
    Exactly(&'w str),
}

/// Release to install.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Version of the release.
    pub version: Version,
    /// Upload time.
    pub released_at: Option<Timestamp>,
    /// `true` if the store lists the release as compatible.
    pub is_known_to_fit: bool,
    /// Notes for the user about the release.
    pub notes: Vec<String>,
}

/// Returns the release of `plugin` to install.
///
/// # Errors
/// Returns the reason why no release can be installed, with its help.
pub fn choose(
    plugin: &Plugin,
    releases: &Releases,
    target: &Target,
    wanted: Wanted<'_>,
) -> Result<Choice, Error> {
    refuse_the_dead(plugin, releases)?;
    let release = match wanted {
        Wanted::Newest => newest(plugin, releases, target)?,
        Wanted::Exactly(written) => exactly(plugin, releases, target, written)?,
    };
    let mut notes = Vec::new();
    if let Some((state, reason)) = &plugin.lifecycle {
        notes.push(format!(
            "`{}` is {}: {}",
            plugin.id,
            one_line(state, 40),
            one_line(reason, 200)
        ));
    }
    if let Some(status) = &releases.status {
        notes.push(format!(
            "the project {} is {}",
            plugin.project,
            one_line(status, 40)
        ));
    }
    if plugin
        .version
        .as_deref()
        .and_then(|it| Version::from_str(it).ok())
        .as_ref()
        == Some(&release.version)
    {
        notes.extend(releases.vulnerabilities.iter().map(|id| {
            format!(
                "{} has a known vulnerability: {}",
                release.version,
                one_line(id, 60)
            )
        }));
    }
    if let Some(reason) = &release.yanked {
        let why = if reason.is_empty() {
            String::new()
        } else {
            format!(": {}", one_line(reason, 200))
        };
        notes.push(format!("{} was yanked by its author{why}", release.version));
    }
    let is_known_to_fit = target.fit(release) == Fit::Yes;
    if !is_known_to_fit {
        notes.push(format!(
            "the store does not know whether {} fits {}",
            release.version,
            target.shown()
        ));
    }
    Ok(Choice {
        version: release.version.clone(),
        released_at: release.released_at,
        is_known_to_fit,
        notes,
    })
}

fn refuse_the_dead(plugin: &Plugin, releases: &Releases) -> Result<(), Error> {
    if let Some((state, reason)) = &plugin.lifecycle
        && state == "withdrawn"
    {
        return Err(Error::new(format!(
            "`{}` was withdrawn: {}",
            plugin.id,
            one_line(reason, 200)
        )));
    }
    if releases.status.as_deref() == Some("quarantined") {
        let message = format!(
            "the index holds the project {} in quarantine",
            plugin.project
        );
        return Err(Error::new(message).help("wait until the index has looked into it"));
    }
    Ok(())
}

/// Returns the newest release that is known to fit, else the newest that may fit. Considers
/// pre-releases only if there are no other releases.
fn newest<'r>(
    plugin: &Plugin,
    releases: &'r Releases,
    target: &Target,
) -> Result<&'r Release, Error> {
    let offered = || {
        releases
            .all
            .iter()
            .filter(|release| release.yanked.is_none())
    };
    let finals: Vec<&Release> = offered()
        .filter(|release| !release.version.any_prerelease())
        .collect();
    let candidates = if finals.is_empty() {
        offered().collect()
    } else {
        finals
    };
    let with = |wanted: Fit| {
        candidates
            .iter()
            .filter(|release| target.fit(release) == wanted)
            .max_by(|a, b| a.version.cmp(&b.version))
    };
    if let Some(release) = with(Fit::Yes).or_else(|| with(Fit::Unknown)) {
        return Ok(release);
    }
    let Some(last) = candidates.iter().max_by(|a, b| a.version.cmp(&b.version)) else {
        let why = if releases.all.is_empty() {
            "the store knows none yet"
        } else {
            "the store knows none that was not yanked"
        };
        return Err(Error::new(format!(
            "no release of `{}` can be installed: {why}",
            plugin.id
        )));
    };
    let why = match target.fit(last) {
        Fit::No(why) => format!(": its newest, {}, {why}", last.version),
        Fit::Yes | Fit::Unknown => String::new(),
    };
    Err(Error::new(format!(
        "no release of `{}` can be installed here{why}",
        plugin.id
    ))
    .help(cure(target)))
}

fn exactly<'r>(
    plugin: &Plugin,
    releases: &'r Releases,
    target: &Target,
    written: &str,
) -> Result<&'r Release, Error> {
    let version = Version::from_str(written)
        .map_err(|_| Error::new(format!("`{}` is no version", one_line(written, 60))))?;
    let Some(release) = releases
        .all
        .iter()
        .find(|release| release.version == version)
    else {
        let fault = Error::new(format!(
            "the store knows no release {version} of `{}` that can be installed",
            plugin.id
        ));
        return Err(if releases.is_partial {
            fault.help(format!(
                "its releases are told by the store that lists it, `{}`: name that one with `--store`",
                one_line(&plugin.store, 80)
            ))
        } else {
            fault.help(format!(
                "its newest is {}",
                one_line(plugin.version.as_deref().unwrap_or("not known"), 60)
            ))
        });
    };
    match target.fit(release) {
        Fit::No(why) => {
            Err(Error::new(format!("{version} of `{}` {why}", plugin.id)).help(cure(target)))
        }
        Fit::Yes | Fit::Unknown => Ok(release),
    }
}

fn cure(target: &Target) -> String {
    if target.is_installed {
        "ask its author for a release that fits, or use an environment where one does".to_owned()
    } else {
        format!(
            "{} is not installed here: install the version that you use first",
            target.project
        )
    }
}
