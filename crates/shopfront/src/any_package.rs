//! Package files of any kind: Python packages, and packages of hosts with a kind of their own.

use std::collections::BTreeMap;

use serde_json::Map;

use shopfront_hosts as kinds;
use shopfront_model::bundle::{Bundle, BundleMetadata};
use shopfront_package::Package;
use shopfront_package::facts::Facts;

/// Package file with its metadata.
pub enum AnyPackage {
    /// Wheel or source distribution.
    Python(Box<Package>),
    /// Package of another kind of host.
    Bundle(Box<BundlePackage>),
}

/// Package of another kind of host.
pub struct BundlePackage {
    /// Contents of the archive.
    pub bundle: Bundle,
    /// Metadata of the package.
    pub reading: BundleMetadata,
    /// Kind whose reader was used.
    pub kind: &'static str,
}

impl AnyPackage {
    /// Returns the path as the user named it.
    pub fn path(&self) -> &str {
        match self {
            AnyPackage::Python(package) => &package.path,
            AnyPackage::Bundle(held) => &held.bundle.path,
        }
    }

    /// Returns the facts for a snippet.
    pub fn facts(&self) -> Facts {
        match self {
            AnyPackage::Python(package) => Facts::of(package),
            AnyPackage::Bundle(held) => {
                let scan = &held.bundle.scan;
                let (files, size, unpacked) = (scan.files().count(), scan.packed, scan.unpacked);
                Facts {
                    files,
                    size,
                    unpacked,
                    ..held.reading.says.clone().with_license_sorted()
                }
            }
        }
    }

    /// Returns all texts that were kept, by the path in diagnostics.
    pub fn texts(&self) -> BTreeMap<String, String> {
        match self {
            AnyPackage::Python(package) => package.texts(),
            AnyPackage::Bundle(held) => held.bundle.texts(),
        }
    }
}

impl BundlePackage {
    /// Returns the registry that lists plugins of this kind.
    pub fn registry(&self) -> &'static str {
        kinds::find(self.kind)
            .map(|kind| (kind.open)(&Map::new()).registry())
            .unwrap_or_default()
    }
}
