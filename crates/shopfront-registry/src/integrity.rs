//! Subresource Integrity: the hash of a file in npm's notation, `sha512-…` in Base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Expected hash of a file; of several hashes the strongest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Integrity {
    algorithm: Algorithm,
    hash: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Sha256,
    Sha384,
    Sha512,
}

impl Integrity {
    /// Parses `sha512-…`, or several hashes separated by blanks; `None` if none is trusted. SHA-1
    /// is not trusted.
    pub fn parse(text: &str) -> Option<Integrity> {
        text.split_ascii_whitespace()
            .filter_map(one)
            .max_by_key(|integrity| integrity.algorithm)
    }

    /// Returns `true` if `bytes` match the hash.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Sha256 => Sha256::digest(bytes)[..] == self.hash,
            Algorithm::Sha384 => Sha384::digest(bytes)[..] == self.hash,
            Algorithm::Sha512 => Sha512::digest(bytes)[..] == self.hash,
        }
    }
}

fn one(text: &str) -> Option<Integrity> {
    let (name, rest) = text.split_once('-')?;
    let (algorithm, length) = match name {
        "sha256" => (Algorithm::Sha256, 32),
        "sha384" => (Algorithm::Sha384, 48),
        "sha512" => (Algorithm::Sha512, 64),
        _ => return None,
    };
    // Options after a question mark are reserved, and have no meaning yet.
    let hash = STANDARD
        .decode(rest.split('?').next()?)
        .ok()
        .filter(|hash| hash.len() == length)?;
    Some(Integrity { algorithm, hash })
}
