//! Caches with GitHub's scopes: each belongs to the ref of the run that saved it. A run searches
//! its own ref before the target branch. Restored files may be anywhere: the archive contains
//! absolute paths.

use serde_json::Value;

/// Target branch of pull requests.
pub(super) const BASE: &str = "refs/heads/main";

/// Cache that a run saved.
struct Cache {
    scope: String,
    /// `None` for an attacker, who can save under every requested key.
    key: Option<String>,
    /// Path and text of each file. `~` is the home directory of the runner.
    files: Vec<(String, String)>,
}

/// All caches of a repository.
pub(super) struct Caches(Vec<Cache>);

/// Restored cache.
pub(super) struct Restored<'c> {
    /// Key that matched.
    pub(super) key: String,
    pub(super) scope: &'c str,
    pub(super) files: &'c [(String, String)],
}

impl Caches {
    /// Creates the caches of the case, and one that an earlier push to the pull request saved,
    /// which replaces programs of the runner.
    pub(super) fn new(case: &Value) -> Caches {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let mut caches: Vec<Cache> = Vec::new();
        for given in case["caches"].as_array().into_iter().flatten() {
            let files = given["files"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(path, it)| (path.clone(), text(it)))
                .collect();
            caches.push(Cache {
                scope: text(&given["ref"]),
                key: Some(text(&given["key"])),
                files,
            });
        }
        if let Some(scope) = pull_request(&case["contexts"]) {
            let programs = ["cargo", "git", "jq", "od", "shopfront"];
            let hostile = "#!/bin/sh\ntouch \"$WORLD/pwned\"\n".to_owned();
            let files = programs
                .map(|name| (format!("~/.cargo/bin/{name}"), hostile.clone()))
                .to_vec();
            caches.push(Cache {
                scope,
                key: None,
                files,
            });
        }
        Caches(caches)
    }

    /// Returns the cache that a run with `scopes` finds for `key`, or for a key with a prefix in
    /// `restore_keys`.
    pub(super) fn restore(
        &self,
        scopes: &[String],
        key: &str,
        restore_keys: &[&str],
    ) -> Option<Restored<'_>> {
        let matches = |cache: &&Cache, wanted: &str, is_whole: bool| match &cache.key {
            Some(saved) if is_whole => saved == wanted,
            Some(saved) => saved.starts_with(wanted),
            None => true,
        };
        for scope in scopes {
            let of_scope = || self.0.iter().filter(|cache| cache.scope == *scope);
            let found = of_scope()
                .find(|cache| matches(cache, key, true))
                .or_else(|| {
                    restore_keys
                        .iter()
                        .find_map(|prefix| of_scope().find(|cache| matches(cache, prefix, false)))
                });
            if let Some(cache) = found {
                return Some(Restored {
                    key: cache.key.clone().unwrap_or(key.to_owned()),
                    scope: &cache.scope,
                    files: &cache.files,
                });
            }
        }
        None
    }
}

/// Returns the refs in which a run searches for caches, in this order.
pub(super) fn scopes(contexts: &Value) -> Vec<String> {
    pull_request(contexts)
        .into_iter()
        .chain([BASE.to_owned()])
        .collect()
}

/// Returns the ref of the run if it is that of a pull request.
fn pull_request(contexts: &Value) -> Option<String> {
    let number = contexts["github"]["event"]["pull_request"]["number"].as_u64()?;
    Some(format!("refs/pull/{number}/merge"))
}

#[test]
fn a_run_finds_what_its_own_ref_saved_before_what_the_branch_saved_and_nothing_of_others() {
    let case = serde_json::json!({
        "caches": [
            {"ref": BASE, "key": "cargo-1", "files": {"~/a": "base"}},
            {"ref": "refs/pull/8/merge", "key": "cargo-2", "files": {}},
        ],
        "contexts": {"github": {"event": {"pull_request": {"number": 7}}}},
    });
    let caches = Caches::new(&case);
    let of_pull_request = scopes(&case["contexts"]);
    assert_eq!(of_pull_request, ["refs/pull/7/merge", BASE]);
    let found = caches.restore(&of_pull_request, "cargo-1", &[]).unwrap();
    assert_eq!(
        (found.key.as_str(), found.scope),
        ("cargo-1", "refs/pull/7/merge")
    );
    assert!(
        found
            .files
            .iter()
            .any(|(path, _)| path == "~/.cargo/bin/shopfront")
    );

    let of_main = scopes(&serde_json::json!({"github": {"event": {}}}));
    assert!(caches.restore(&of_main, "cargo-2", &["cargo-2"]).is_none());
    assert_eq!(
        caches
            .restore(&of_main, "cargo-9", &["cargo-"])
            .unwrap()
            .key,
        "cargo-1"
    );
}
