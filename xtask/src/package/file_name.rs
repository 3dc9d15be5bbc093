//! What the name of a package file says: PEP 427 for wheels, PEP 625 for source distributions.

/// The parts of the name of a package file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileName {
    /// `{distribution}-{version}(-{build})?-{python}-{abi}-{platform}.whl`
    Wheel(WheelName),
    /// `{distribution}-{version}.tar.gz`
    Sdist(SdistName),
}

/// The parts of the name of a wheel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WheelName {
    /// As the file writes it: `example_plugin`.
    pub distribution: String,
    /// As the file writes it.
    pub version: String,
    /// The build tag, for a wheel that was built again.
    pub build: Option<String>,
    /// `py3`, `cp313`
    pub pythons: Vec<String>,
    /// `none`, `abi3`
    pub abis: Vec<String>,
    /// `any`, `manylinux_2_28_x86_64`
    pub platforms: Vec<String>,
}

/// The parts of the name of a source distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdistName {
    /// As the file writes it.
    pub distribution: String,
    /// As the file writes it.
    pub version: String,
}

impl FileName {
    /// The name of the distribution, as the file writes it.
    pub fn distribution(&self) -> &str {
        match self {
            FileName::Wheel(name) => &name.distribution,
            FileName::Sdist(name) => &name.distribution,
        }
    }

    /// The version, as the file writes it.
    pub fn version(&self) -> &str {
        match self {
            FileName::Wheel(name) => &name.version,
            FileName::Sdist(name) => &name.version,
        }
    }

    /// Reads the name of a file, without its folders.
    ///
    /// # Errors
    /// What is wrong with it, in words that follow the name: `is no name of a wheel: …`.
    pub fn parse(name: &str) -> Result<FileName, String> {
        let _ = name;
        todo!()
    }
}
