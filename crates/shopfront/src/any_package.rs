//! A package file of any kind: for Python, or of a kind of host that has packages of its own.

use std::collections::BTreeMap;

use serde_json::Map;

use shopfront_hosts as kinds;
use shopfront_model::bundle::{Bundle, BundleMetadata};
use shopfront_package::Package;
use shopfront_package::facts::Facts;

/// A package file that was read.
pub enum AnyPackage {
    /// A wheel or a source distribution.
    Python(Box<Package>),
    /// A package of another kind of host.
    Bundle(Box<BundlePackage>),
}

/// A package of another kind of host.
pub struct BundlePackage {
    /// The archive.
    pub bundle: Bundle,
    /// What it says.
    pub reading: BundleMetadata,
    /// The kind whose reader it was.
    pub kind: &'static str,
}

impl AnyPackage {
    /// As it was named.
    pub fn path(&self) -> &str {
        match self {
            AnyPackage::Python(package) => &package.path,
            AnyPackage::Bundle(held) => &held.bundle.path,
        }
    }

    /// What a snippet takes from it.
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

    /// Every text that was kept, by the path that diagnostics give it.
    pub fn texts(&self) -> BTreeMap<String, String> {
        match self {
            AnyPackage::Python(package) => package.texts(),
            AnyPackage::Bundle(held) => held.bundle.texts(),
        }
    }
}

impl BundlePackage {
    /// The registry that plugins of its kind are listed by.
    pub fn registry(&self) -> &'static str {
        kinds::find(self.kind)
            .map(|kind| (kind.open)(&Map::new()).registry())
            .unwrap_or_default()
    }
}
