//! How a reader of a page reaches a source: where its project is shown, where its files lie, and
//! which registry commands have to ask.
//!
//! It is the one place that knows. A store that was built from an index of its own never sends a
//! reader to the public one: there, anybody can take the name of a project that the public index
//! does not have.

use url::Url;

use super::RegistryRules;
use crate::answers::ProjectKey;
use shopfront_text::url_policy;

/// How readers reach the source of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceAccess {
    /// The page of the project, where readers can open one.
    pub page: Option<String>,
    /// The registry that every command has to name; `None` for the public one, which tools ask by
    /// themselves.
    pub registry_url: Option<String>,
    /// Whether only the command of the host knows where to look, so that no other is shown.
    pub is_special: bool,
    /// The address of the registry that was asked, where it is not the public one.
    asked: Option<String>,
}

/// What the command of a host says of the registry that it asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedRegistry {
    /// The one that it names.
    pub url: Option<String>,
    /// Whether it looks for packages in a way of its own, beside that or instead.
    pub is_special: bool,
}

impl SourceAccess {
    /// How readers reach the project `key`, of which the registry at `asked` told (`None` is the
    /// public one), in a host whose command says `named`. What a maintainer names counts more
    /// than what was asked: it is said for readers.
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

    /// Where everybody finds the file of the project `key` that lies at `kept`
    /// ([`File::address`](crate::answers::File::address)).
    pub(crate) fn file_address(&self, key: &ProjectKey, kept: &str) -> Option<String> {
        super::find(key.registry)?.file_address(self.asked.as_deref(), &key.name, kept)
    }

    /// The project `key` in a text: its page, else its name at the registry that commands ask.
    pub fn shown(&self, key: &ProjectKey) -> String {
        let at = |url: &String| format!("{}/{}", url.trim_end_matches('/'), key.name);
        self.page
            .clone()
            .or_else(|| self.registry_url.as_ref().map(at))
            .unwrap_or_else(|| super::page(key))
    }
}

/// Whether commands that ask the registry at `url` ask the public one.
fn is_public(registry: &dyn RegistryRules, url: &str) -> bool {
    let plain = |url: &str| url.trim_end_matches('/').to_ascii_lowercase();
    registry.default_address().is_some_and(|base| {
        plain(url) == plain(base) || plain(url) == plain(&registry.command_address(base))
    })
}

/// `page` without user and password. It is the maintainer's word, and may be one of their own
/// network.
fn readable(page: String) -> Option<String> {
    let mut url = Url::parse(&page).ok()?;
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(String::from(url)).filter(|page| url_policy::check_maintainer_url(page).is_none())
}
