//! The repository that the workflows of a new store compile the program from.

use std::path::Path;

use url::Url;

use crate::git;
use shopfront_diagnostics::error::Error;
use shopfront_text::one_line;
use shopfront_text::url_policy;

/// The address in `Cargo.toml`; a placeholder until there is a release.
const OF_PACKAGE: &str = env!("CARGO_PKG_REPOSITORY");

/// The address that a person named, or that of `Cargo.toml`.
///
/// # Errors
/// When the one that was named is none that a workflow can fetch from.
pub(super) fn repository(named: Option<&str>) -> Result<String, Error> {
    let Some(named) = named else {
        return Ok(OF_PACKAGE.to_owned());
    };
    sound(named).map_err(|why| {
        Error::new(format!("`{}` is no repository of the program: {why}", one_line(named, 200)))
            .help("name it as `git clone` takes it: `--program-repository https://git.example/shopfront/shopfront`")
    })
}

/// Where the checkout `source` came from: its remote `origin`, where that is one that everybody can
/// fetch from.
pub(super) fn origin_of(source: &Path) -> Option<String> {
    public(&git::origin_of(source)?)
}

/// The address of a remote as everybody may read it, if everybody can fetch from it.
fn public(remote: &str) -> Option<String> {
    let mut url = Url::parse(remote).ok()?;
    // A token in the address of a remote is for nobody else.
    url.set_username("")
        .and_then(|()| url.set_password(None))
        .ok()?;
    sound(url.as_str())
        .ok()
        .filter(|url| url_policy::check_web_url(url).is_none())
}

/// Whether nothing can be fetched from the address: its server is one of documentation.
pub(super) fn is_placeholder(repository: &str) -> bool {
    let url = Url::parse(repository).ok();
    url.as_ref()
        .and_then(Url::host_str)
        .is_none_or(|server| server == "example" || server.ends_with(".example"))
}

/// The address, if it can stand in a command of a workflow.
fn sound(text: &str) -> Result<String, String> {
    if let Some(fault) = url_policy::check_maintainer_url(text) {
        return Err(fault);
    }
    let rest = text
        .strip_prefix("https://")
        .ok_or("it is not reached over https")?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/%+".contains(&byte);
    match rest.bytes().all(is_plain) {
        true => Ok(text.trim_end_matches('/').to_owned()),
        false => Err("it holds more than a server and a path of plain characters".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_an_address_that_can_stand_in_a_command() {
        for good in [
            "https://code.corp.example/tools/shopfront",
            "https://github.com/a/b.git",
            "https://10.0.0.8:3000/a/b/",
        ] {
            let kept = repository(Some(good)).ok();
            assert_eq!(kept.as_deref(), Some(good.trim_end_matches('/')));
        }
        for bad in [
            "http://github.com/a/b",
            "git@github.com:a/b.git",
            "ssh://git@github.com/a/b",
            "https://mira:secret@github.com/a/b",
            "https://github.com/a/b;id",
            "https://github.com/a/$(id)",
            "https://github.com/a/'b",
            "https://github.com/a b",
            "https://github.com/a?b",
            "--upload-pack=x",
            "/srv/shopfront",
            "",
        ] {
            assert!(repository(Some(bad)).is_err(), "{bad}");
        }
        assert_eq!(
            public("https://mira:secret@github.com/a/b.git").as_deref(),
            Some("https://github.com/a/b.git")
        );
        for private in [
            "/srv/shopfront",
            "git@github.com:a/b.git",
            "https://10.0.0.8/a/b",
            "https://code.internal/a/b",
            "http://github.com/a/b",
        ] {
            assert_eq!(public(private), None, "{private}");
        }
        assert!(
            is_placeholder("https://git.example/a/b") && !is_placeholder("https://github.com/a/b")
        );
    }
}
