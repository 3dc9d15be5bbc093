//! Candidate project names in text that a contributor pasted instead of a name.
//!
//! A name is certain only if the rest of the text is formal. The rest is then registry syntax (a
//! version, extras, a marker), or the text is the URL of the project's own page. All other
//! candidates are only suggested, and never written by a program.

use crate::registry_rules::RegistryRules;

/// Candidate names of a text, in the normal form of its registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Certain name.
    pub certain: Option<String>,
    /// All candidates, most likely first.
    pub possible: Vec<String>,
}

/// Maximum number of suggested names; a text with more is prose.
const MAX_OFFERED: usize = 4;

/// Maximum length of a parsed text in bytes.
const MAX_TEXT: usize = 1_000;

/// Package installers, and programs that run them.
const INSTALLERS: &[&str] = &[
    "bun", "cnpm", "conda", "gh", "git", "mamba", "npm", "npx", "pdm", "pip", "pip3", "pipx",
    "pnpm", "poetry", "py", "python", "python3", "uv", "uvx", "yarn",
];

/// Install subcommands of these programs, and the words that precede such a subcommand.
const VERBS: &[&str] = &[
    "add", "clone", "dlx", "exec", "get", "i", "inject", "install", "module", "plugin", "plugins",
    "repo", "run", "tool",
];

/// Options of these programs whose value is the next word; the value is a location, not a
/// project.
const WITH_VALUE: &[&str] = &[
    "--constraint",
    "--default-index",
    "--extra-index-url",
    "--find-links",
    "--index",
    "--index-url",
    "--prefix",
    "--python",
    "--registry",
    "--requirement",
    "--target",
    "-c",
    "-f",
    "-i",
    "-r",
    "-t",
];

/// Returns the candidate names of projects of `registry` in `text`.
pub fn read(registry: &dyn RegistryRules, text: &str) -> Readings {
    let text = text.trim();
    if text.len() > MAX_TEXT {
        return Readings::default();
    }
    let certain = certain(registry, text);
    let possible = certain
        .clone()
        .map_or_else(|| possible(registry, text), |name| vec![name]);
    Readings { certain, possible }
}

/// Returns a suggestion as an imperative; `None` if the text contains no name.
pub fn help(registry: &dyn RegistryRules, text: &str) -> Option<String> {
    let names: Vec<String> = read(registry, text)
        .possible
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    match names.as_slice() {
        [] => None,
        [one] => Some(format!("write {one}")),
        [all @ .., last] => Some(format!(
            "write {} or {last}: the text may name each of them, and one is the project",
            all.join(", ")
        )),
    }
}

fn certain(registry: &dyn RegistryRules, text: &str) -> Option<String> {
    let name = registry
        .name_before_version(text)
        .or_else(|| name_of_own_page(registry, text).map(str::to_owned))?;
    registry.is_name(&name).then(|| registry.normal_name(&name))
}

/// Returns the name in the URL of a project's page, with or without a trailing slash.
fn name_of_own_page<'t>(registry: &dyn RegistryRules, text: &'t str) -> Option<&'t str> {
    let address = text.strip_suffix('/').unwrap_or(text);
    let names = address.match_indices('/').map(|(at, _)| &address[at + 1..]);
    // `….git` is the clone URL of a repository.
    names
        .filter(|name| registry.is_name(name) && !name.ends_with(".git"))
        .find(|name| registry.page(name).trim_end_matches('/') == address)
}

fn possible(registry: &dyn RegistryRules, text: &str) -> Vec<String> {
    // A remark in parentheses is not part of a name: `Tide Tables (beta)`.
    let words: Vec<&str> = text
        .split_whitespace()
        .map(unquoted)
        .filter(|word| !word.starts_with('(') && !word.is_empty())
        .collect();
    let (words, is_command) = match arguments(&words) {
        Some(arguments) => (arguments, true),
        None => (words, false),
    };
    let mut names: Vec<String> = Vec::new();
    if let (false, true, true) = (
        is_command,
        words.len() > 1,
        words.iter().all(|word| is_word(word)),
    ) {
        names.push(words.join("-").to_lowercase());
    }
    let is_version = |word: &&&str| {
        word.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    };
    names.extend(
        words
            .iter()
            .filter(|word| !is_version(word))
            .filter_map(|word| name_in(registry, word)),
    );
    let mut offered: Vec<String> = Vec::new();
    for name in names
        .iter()
        .filter(|name| registry.is_name(name))
        .map(|name| registry.normal_name(name))
    {
        if !offered.contains(&name) {
            offered.push(name);
        }
    }
    if offered.len() > MAX_OFFERED {
        Vec::new()
    } else {
        offered
    }
}

/// Returns the packages in an install command; `None` if the text is not such a command.
fn arguments<'t>(words: &[&'t str]) -> Option<Vec<&'t str>> {
    let words: Vec<&str> = words
        .iter()
        .copied()
        .skip_while(|word| matches!(*word, "$" | ">" | "%" | "sudo" | "!"))
        .collect();
    let first = words.first()?.trim_start_matches(['!', '$']);
    let is_installer =
        INSTALLERS.contains(&first) && words[1..].iter().any(|word| VERBS.contains(word));
    // `datasette install x`: applications have such commands of their own.
    let is_of_host = matches!(
        words.as_slice(),
        [_, "install", _, ..] | [_, "plugin" | "plugins", "add" | "install", _, ..]
    );
    let is_runner = words.len() > 1 && matches!(first, "npx" | "uvx");
    if !(is_installer || is_of_host || is_runner) {
        return None;
    }
    let mut rest = words[1..].iter().copied().peekable();
    let mut arguments = Vec::new();
    while let Some(word) = rest.next() {
        let is_module = word == "-m";
        if WITH_VALUE.contains(&word) || is_module {
            rest.next();
        } else if !word.starts_with('-')
            && (!arguments.is_empty() || !(VERBS.contains(&word) || INSTALLERS.contains(&word)))
        {
            arguments.push(word);
        }
    }
    Some(arguments)
}

/// Returns `true` if `word` consists of ASCII letters, digits, `-`, `_` and `.`, like words in
/// titles.
fn is_word(word: &str) -> bool {
    word.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '\'', '`', ',', '“', '”', '‘', '’'])
}

/// Returns the name in one word: the word itself, a page below the project page, a repository
/// remote, or the part before a version.
fn name_in(registry: &dyn RegistryRules, word: &str) -> Option<String> {
    if let Some(name) = certain(registry, word) {
        return Some(name);
    }
    let pages = registry.page("");
    let pages = pages
        .trim_start_matches("https://")
        .trim_start_matches("www.")
        .trim_end_matches('/');
    let bare = without_scheme(word);
    if let Some(below) = bare
        .trim_start_matches("www.")
        .strip_prefix(pages)
        .and_then(|rest| rest.strip_prefix('/'))
    {
        let path = below.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        let names = (1..=parts.len().min(2))
            .map(|count| parts[..count].join("/"))
            .map(|name| without_git(&name).to_owned());
        return names.filter(|name| registry.is_name(name)).last();
    }
    let is_elsewhere = bare != word && !word.starts_with(&format!("{}:", registry.id()));
    if is_elsewhere {
        return None;
    }
    let is_end = |at: usize, it: char| {
        matches!(it, '[' | '=' | '<' | '>' | '~' | '!' | ';' | '(' | '#') || (it == '@' && at > 0)
    };
    let end = bare
        .char_indices()
        .find(|(at, it)| is_end(*at, *it))
        .map_or(bare.len(), |(at, _)| at);
    let name = without_git(&bare[..end]);
    registry.is_name(name).then(|| name.to_owned())
}

/// Returns a URL without its scheme: `git@host:path` and `git+https://host/path` become
/// `host/path`. Removes a registry prefix (`npm:`) from other words.
fn without_scheme(word: &str) -> String {
    let word = word.strip_prefix("git+").unwrap_or(word);
    if let Some((host, path)) = word
        .strip_prefix("git@")
        .and_then(|rest| rest.split_once(':'))
    {
        return format!("{host}/{path}");
    }
    if let Some((_, rest)) = word.split_once("://") {
        return rest.strip_prefix("git@").unwrap_or(rest).to_owned();
    }
    match word.split_once(':') {
        Some(("npm" | "pypi" | "github", name)) => name.to_owned(),
        _ => word.to_owned(),
    }
}

fn without_git(name: &str) -> &str {
    name.strip_suffix(".git").unwrap_or(name)
}
