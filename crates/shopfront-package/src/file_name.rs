//! Name of a package file: PEP 427 for wheels, PEP 625 for source distributions.

use std::str::FromStr;

use pep440_rs::Version;

use shopfront_archive::Form;
use shopfront_text::names::is_project;

/// Components of a package file name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileName {
    /// Wheel: `{distribution}-{version}(-{build})?-{python}-{abi}-{platform}.whl`.
    Wheel(WheelName),
    /// Source distribution: `{distribution}-{version}.tar.gz`.
    Sdist(SdistName),
}

/// Components of a wheel's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WheelName {
    /// Distribution as written: `example_plugin`.
    pub distribution: String,
    /// Version as written.
    pub version: String,
    /// Build tag of a rebuilt wheel.
    pub build: Option<String>,
    /// Python tags: `py3`, `cp313`.
    pub pythons: Vec<String>,
    /// ABI tags: `none`, `abi3`.
    pub abis: Vec<String>,
    /// Platform tags: `any`, `manylinux_2_28_x86_64`.
    pub platforms: Vec<String>,
}

/// Components of a source distribution's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdistName {
    /// Distribution as written.
    pub distribution: String,
    /// Version as written.
    pub version: String,
    /// Format: `.tar.gz`, or `.zip` from older tools.
    pub form: Form,
}

impl FileName {
    /// Returns the name of the distribution as written.
    pub fn distribution(&self) -> &str {
        match self {
            FileName::Wheel(name) => &name.distribution,
            FileName::Sdist(name) => &name.distribution,
        }
    }

    /// Returns the version as written.
    pub fn version(&self) -> &str {
        match self {
            FileName::Wheel(name) => &name.version,
            FileName::Sdist(name) => &name.version,
        }
    }

    /// Returns the format of the archive.
    pub fn form(&self) -> Form {
        match self {
            FileName::Wheel(_) => Form::Zip,
            FileName::Sdist(name) => name.form,
        }
    }

    /// Parses the name of a file without directories.
    ///
    /// # Errors
    /// Returns the problem, worded to follow the name: `is no name of a wheel: …`.
    pub fn parse(name: &str) -> Result<FileName, String> {
        if let Some(stem) = name.strip_suffix(".whl") {
            return wheel(stem)
                .map(FileName::Wheel)
                .map_err(|why| format!("is no name of a wheel: {why}"));
        }
        let sdist_of = |stem, form| {
            sdist(stem, form)
                .map(FileName::Sdist)
                .map_err(|why| format!("is no name of a source archive: {why}"))
        };
        if let Some(stem) = name.strip_suffix(".tar.gz") {
            return sdist_of(stem, Form::TarGz);
        }
        match name.strip_suffix(".zip") {
            Some(stem) => sdist_of(stem, Form::Zip),
            None => Err("is neither a wheel (`.whl`) nor a source archive (`.tar.gz`)".to_owned()),
        }
    }
}

fn wheel(stem: &str) -> Result<WheelName, String> {
    let parts: Vec<&str> = stem.split('-').collect();
    let (distribution, version, build, tags) = match *parts.as_slice() {
        [distribution, version, python, abi, platform] => {
            (distribution, version, None, [python, abi, platform])
        }
        [distribution, version, build, python, abi, platform] => {
            (distribution, version, Some(build), [python, abi, platform])
        }
        _ => {
            return Err(format!(
                "its parts between dashes are {}, not 5 or 6",
                parts.len()
            ));
        }
    };
    assert_name(distribution)?;
    assert_version(version)?;
    // PEP 427: a build number begins with a digit, to distinguish it from a tag.
    if let Some(build) =
        build.filter(|it| !it.starts_with(|first: char| first.is_ascii_digit()) || !is_plain(it))
    {
        return Err(format!(
            "the build tag `{build}` does not begin with a digit"
        ));
    }
    let [pythons, abis, platforms] = tags.map(tag_set);
    Ok(WheelName {
        distribution: distribution.to_owned(),
        version: version.to_owned(),
        build: build.map(str::to_owned),
        pythons: pythons?,
        abis: abis?,
        platforms: platforms?,
    })
}

/// Parses PEP 625 names: `{name}-{version}`. Older tools kept dashes in the name, so the last
/// dash is the separator.
fn sdist(stem: &str, form: Form) -> Result<SdistName, String> {
    let (distribution, version) = stem
        .rsplit_once('-')
        .ok_or("there is no dash between name and version")?;
    assert_name(distribution)?;
    assert_version(version)?;
    Ok(SdistName {
        distribution: distribution.to_owned(),
        version: version.to_owned(),
        form,
    })
}

/// Validates an escaped name with `is_project`; two consecutive underscores are escaped as one
/// (PEP 491).
fn assert_name(name: &str) -> Result<(), String> {
    if !is_project(name) {
        return Err(format!("`{}` is no name of a project", name.escape_debug()));
    }
    if name.contains("__") {
        return Err(format!(
            "`{name}` has two underscores in a row, which build tools write as one"
        ));
    }
    Ok(())
}

fn assert_version(version: &str) -> Result<(), String> {
    // PEP 427: the dash of `1.0-1` is escaped. In versions, `_` is only another notation of a
    // dash.
    match Version::from_str(version) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!(
            "`{}` is no version (PEP 440)",
            version.escape_debug()
        )),
    }
}

/// Splits a PEP 425 tag set: several compatible tags are joined with dots.
fn tag_set(tags: &str) -> Result<Vec<String>, String> {
    match tags.split('.').find(|tag| !is_plain(tag)) {
        Some(tag) => Err(format!("`{}` is no compatibility tag", tag.escape_debug())),
        None => Ok(tags.split('.').map(str::to_owned).collect()),
    }
}

fn is_plain(tag: &str) -> bool {
    !tag.is_empty()
        && tag
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'_')
}
