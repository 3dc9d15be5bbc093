//! Commands that install a plugin: the template in `host.json`, with the same registry in each
//! command.

use super::Install;
use shopfront_model::catalogue::{Host, Snippet};
use shopfront_model::registry_rules::{self, NamedRegistry, SourceAccess};
use shopfront_text as text;
use shopfront_text::url_policy;

/// Options that set the registry.
const REGISTRY: &[&str] = &["--default-index", "--index-url", "--registry", "-i"];
/// Environment variables that set the registry.
const VARIABLES: &[&str] = &[
    "NPM_CONFIG_REGISTRY",
    "PIP_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
];
/// Options that change the package lookup, beside a registry or instead of it.
const SPECIAL: &[&str] = &[
    "--config-file",
    "--extra-index-url",
    "--find-links",
    "--index",
    "--no-index",
    "--requirement",
    "--userconfig",
    "-f",
    "-r",
];

/// Returns the registry in the command of `host`.
pub(super) fn named_registry(host: &Host) -> NamedRegistry {
    let mut named = NamedRegistry::default();
    let Some(template) = &host.body.install else {
        return named;
    };
    let mut words = template
        .split_whitespace()
        .map(|word| word.trim_matches(['"', '\'']))
        .peekable();
    while let Some(word) = words.next() {
        let (name, value) = word.split_once('=').map_or((word, None), |(name, value)| {
            (name, Some(value.trim_matches(['"', '\''])))
        });
        let is_variable = value.is_some() && !name.starts_with('-');
        if REGISTRY.contains(&name)
            || is_variable && VARIABLES.contains(&name.to_ascii_uppercase().as_str())
        {
            let written = value.or_else(|| words.next()).unwrap_or_default();
            let url = plain_address(written);
            // A registry that is named twice or in a shell variable is known only to the shell. A
            // password is shown only in the maintainer's own command.
            named.is_special |= named.url.is_some()
                || url.is_none()
                || url
                    .as_ref()
                    .is_some_and(|url| !written.starts_with(url.as_str()));
            named.url = named.url.or(url);
        } else if SPECIAL.contains(&name)
            || word.contains("://")
            || is_variable && !name.contains(['{', '[', '<', '>', '!', '~'])
        {
            named.is_special = true;
        }
    }
    named
}

/// Returns the URL of a registry without user and password, otherwise unchanged.
fn plain_address(written: &str) -> Option<String> {
    let (scheme, rest) = written.split_once("://")?;
    let authority = rest.split('/').next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let plain = format!("{scheme}://{host}{}", &rest[authority.len()..]);
    url_policy::check_maintainer_url(&plain)
        .is_none()
        .then_some(plain)
}

/// Returns the command of `host` for `project`, which queries the registry of `access`.
pub(super) fn of_host(host: &Host, project: &str, access: &SourceAccess) -> Option<String> {
    let template = host.body.install.as_ref()?;
    let is_named = named_registry(host) != NamedRegistry::default();
    let template = match access.registry_url.as_deref().filter(|_| !is_named) {
        Some(url) => with_registry(template, url).unwrap_or_else(|| template.clone()),
        None => template.clone(),
    };
    Some(template.replace("{project}", project))
}

/// Returns the registry of `access` as a command option, preceded by a space.
pub(super) fn option(access: &SourceAccess, name: &str) -> String {
    access
        .registry_url
        .as_ref()
        .map(|url| format!(" {name} {}", text::shell_word(url)))
        .unwrap_or_default()
}

/// Returns commands for `pip` and `uv`, and the host's own command.
pub(super) fn of_python(host: &Host, snippet: &Snippet, access: &SourceAccess) -> Vec<Install> {
    let project = &snippet.source.name;
    let mut commands = Vec::new();
    if let Some(command) = of_host(host, project, access) {
        commands.push(Install {
            tool: tool_of(&command),
            command,
        });
    }
    if access.is_special {
        return commands;
    }
    let index = option(access, "--index-url");
    for (tool, command) in [
        ("pip", format!("pip install{index} {project}")),
        ("uv", format!("uv pip install{index} {project}")),
    ] {
        if commands
            .iter()
            .all(|known| known.command != command && known.tool != tool)
        {
            commands.push(Install {
                tool: tool.to_owned(),
                command,
            });
        }
    }
    commands
}

/// Returns the program of a command, after its environment variables.
fn tool_of(command: &str) -> String {
    let is_variable = |word: &&str| {
        word.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && !name.starts_with('-'))
    };
    command
        .split_whitespace()
        .find(|word| !is_variable(word))
        .unwrap_or_default()
        .to_owned()
}

/// Returns `template` with the registry at `url`. Returns `None` unless it is a single command of
/// a program with known options.
fn with_registry(template: &str, url: &str) -> Option<String> {
    if template.contains(['|', ';', '&', '`', '$', '\n']) {
        return None;
    }
    let mut words: Vec<(usize, &str)> = Vec::new();
    for word in template.split_whitespace() {
        let from = words.last().map_or(0, |(at, word)| at + word.len());
        words.push((from + template[from..].find(word)?, word));
    }
    let names: Vec<&str> = words.iter().map(|(_, word)| *word).collect();
    let at = |verbs: &[&str]| names.iter().position(|word| verbs.contains(word));
    let (verb, option) = match names.first().copied()? {
        "pip" | "pip3" | "pipx" => (at(&["install", "inject", "run"])?, "--index-url"),
        "python" | "python3" | "py" if names.get(1..3) == Some(&["-m", "pip"]) => {
            (at(&["install"])?, "--index-url")
        }
        "uv" if names.get(1) == Some(&"pip") => (at(&["install"])?, "--index-url"),
        "uv" => (at(&["add", "install", "run"])?, "--default-index"),
        "npm" | "pnpm" => (at(&["install", "i", "add"])?, "--registry"),
        _ => return None,
    };
    let (start, word) = words[verb];
    let end = start + word.len();
    Some(format!(
        "{} {option} {}{}",
        &template[..end],
        text::shell_word(url),
        &template[end..]
    ))
}

/// Returns the access of readers to the source of `snippet`. `asked` is the queried registry, if
/// it is not the public one.
pub fn access(host: &Host, snippet: &Snippet, asked: Option<&str>) -> SourceAccess {
    // For other sources, the host's command does not name a registry.
    let is_of_registry =
        [registry_rules::pypi::ID, registry_rules::npm::ID].contains(&snippet.source.registry);
    let named = if is_of_registry {
        named_registry(host)
    } else {
        NamedRegistry::default()
    };
    SourceAccess::of(&snippet.source, &named, asked)
}
