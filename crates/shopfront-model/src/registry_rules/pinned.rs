//! Archives that a snippet lists individually: the snippet replaces the registry, and no requests
//! are sent.

use super::RegistryRules;
use shopfront_text::names;

/// Id in snippets and answers.
pub const ID: &str = "archive";

/// Rules of the archives of a snippet. The project name is `<host>/<id>`.
pub struct Pinned;

impl RegistryRules for Pinned {
    fn id(&self) -> &'static str {
        ID
    }

    fn is_name(&self, name: &str) -> bool {
        name.split_once('/')
            .is_some_and(|(host, id)| names::is_id(host) && names::is_id(id))
    }

    fn normal_name(&self, name: &str) -> String {
        name.to_owned()
    }

    fn page(&self, name: &str) -> String {
        format!("archive:{name}")
    }

    fn default_address(&self) -> Option<&'static str> {
        None
    }

    fn is_local(&self) -> bool {
        true
    }
}
