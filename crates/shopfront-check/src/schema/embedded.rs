//! The schemas that are compiled in.

use shopfront_hosts as kinds;
use shopfront_text::texts;

/// The schemas of `schema/` that are of no kind of host.
static SCHEMAS: &[(&str, &str)] = texts!("schema":
    "api-answers.schema.json",
    "api-changes.schema.json",
    "api-diff.schema.json",
    "api-facts.schema.json",
    "api-health.schema.json",
    "api-host-list.schema.json",
    "api-host-tries.schema.json",
    "api-hosts.schema.json",
    "api-index.schema.json",
    "api-openapi.schema.json",
    "api-plugin.schema.json",
    "api-plugins.schema.json",
    "api-problems.schema.json",
    "badge.schema.json",
    "host.schema.json",
    "plugin.schema.json",
    "search-index.schema.json",
    "store.schema.json",
);

/// `schema/`, every file: those of all, and those that the kinds of hosts bring.
pub fn schemas() -> Vec<(&'static str, &'static str)> {
    let of_kinds = kinds::ALL.iter().flat_map(|kind| kind.schemas);
    SCHEMAS.iter().chain(of_kinds).copied().collect()
}
