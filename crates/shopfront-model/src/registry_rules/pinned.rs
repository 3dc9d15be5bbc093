//! Archives that a snippet names one by one: the snippet is the registry, and nobody is asked.

use super::RegistryRules;
use shopfront_text::names;

/// Its id in snippets and answers.
pub const ID: &str = "archive";

/// The archives of a snippet. The name of its project is `<host>/<id>`.
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
