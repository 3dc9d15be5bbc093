//! Access of page readers to a source: its project page, the URLs of its files, and the registry
//! that commands must query.
//!
//! All such decisions are made in this module. A store built from a private index never sends a
//! reader to the public one. There, anybody can register a project name that the public index
//! does not have.

use url::Url;

use super::RegistryRules;
use crate::answers::ProjectKey;
use shopfront_text::url_policy;

/// Access of readers to the source of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceAccess {
    /// Page of the project, if readers can open one.
    pub page: Option<String>,
    /// Registry that every command must name; `None` for the public one, which tools query by
    /// default.
    pub registry_url: Option<String>,
    /// `true` if only the command of the host can locate the package, so that no other is shown.
    pub is_special: bool,
    /// URL of the queried registry, if it is not the public one.
    asked: Option<String>,
}

/// Registry in the install command of a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedRegistry {
    /// URL of the registry in the command.
    pub url: Option<String>,
    /// `true` if the command also uses its own package lookup, or only that.
    pub is_special: bool,
}

impl SourceAccess {
    /// Returns the access to the project `key`. `asked` is the registry that was queried (`None`
    /// for the public one), `named` the registry in the host's command. The maintainer's `named`
    /// takes precedence over `asked`, because it is meant for readers.
    pub fn of(key: &ProjectKey, named: &NamedRegistry, asked: Option<&str>) -> SourceAccess {
        let Some(registry) = super::find(key.registry) else {
            return SourceAccess::default();
        };
        let of_commands = named
            .url
            .clone()
            .or_else(|| asked.map(|base| registry.command_address(base)));
        let registry_url = of_commands.filter(|url| !is_public(registry, url));
        let base = if named.url.is_none() {
            asked
        } else {
            registry_url.as_deref()
        };
        let page = match (&registry_url, base) {
            (Some(_), Some(base)) => registry.page_at(base, &key.name).and_then(readable),
            _ => super::web_page(key),
        };
        SourceAccess {
            page,
            registry_url,
            is_special: named.is_special,
            asked: asked.map(str::to_owned),
        }
    }

    /// Returns the public URL of the file of the project `key` with the saved location `kept`
    /// ([`File::address`](crate::answers::File::address)).
    pub(crate) fn file_address(&self, key: &ProjectKey, kept: &str) -> Option<String> {
        super::find(key.registry)?.file_address(self.asked.as_deref(), &key.name, kept)
    }

    /// Returns the text for the project `key`: its page, otherwise its name at the registry of
    /// the commands.
    pub fn shown(&self, key: &ProjectKey) -> String {
        let at = |url: &String| format!("{}/{}", url.trim_end_matches('/'), key.name);
        self.page
            .clone()
            .or_else(|| self.registry_url.as_ref().map(at))
            .unwrap_or_else(|| super::page(key))
    }
}

/// Returns `true` if commands that use `url` query the public registry.
fn is_public(registry: &dyn RegistryRules, url: &str) -> bool {
    let plain = |url: &str| url.trim_end_matches('/').to_ascii_lowercase();
    registry.default_address().is_some_and(|base| {
        plain(url) == plain(base) || plain(url) == plain(&registry.command_address(base))
    })
}

/// Returns `page` without user and password. The maintainer provided it, so it may be in a
/// private network.
fn readable(page: String) -> Option<String> {
    let mut url = Url::parse(&page).ok()?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(String::from(url)).filter(|page| url_policy::check_maintainer_url(page).is_none())
}
