//! Resolution of a request: the response of a registry becomes an [`Answer`]; if the registry
//! fails, the last valid answer is kept.

pub mod contents;

use jiff::Timestamp;

use crate::web::HttpClient;
use crate::{CircuitBreaker, Lookup, ProjectRequest, Registry, RegistryError};
use shopfront_model::answers::{self, Answer, MAX_ANSWER, ProjectKey, Release, State, Trouble};
use shopfront_model::catalogue::Locator;
use shopfront_text as text;

/// Version of the answer format.
const FORMAT: u32 = 1;

/// Maximum length of a saved failure message in characters.
pub const MAX_MESSAGE: usize = 200;

/// Result of one request.
pub struct Resolved {
    /// Answer to save; `None` if the registry failed and there is no previous answer.
    pub answer: Option<Answer>,
    /// Long description to save beside it, if received.
    pub description: Option<String>,
    /// Type of the result.
    pub what: Resolution,
}

/// Type of the result of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Project is new or changed.
    New,
    /// Project is unchanged.
    Same,
    /// Registry does not know the project.
    Gone,
    /// Registry failed, with the reason in words.
    Failed(String),
}

/// Registry with the state that a request needs.
#[derive(Clone, Copy)]
pub struct RegistryHandle<'a> {
    /// Registry to query.
    pub registry: &'a dyn Registry,
    /// Base URL without a trailing slash.
    pub base: &'a str,
    /// HTTP client.
    pub web: &'a dyn HttpClient,
    /// State of the registry in this run.
    pub run: &'a CircuitBreaker,
}

impl RegistryHandle<'_> {
    /// Returns the queried URL, if it is not the public one.
    pub fn registry_url(&self) -> Option<String> {
        registry_url(self.registry, self.base)
    }
}

/// Returns `base` if it is not the public URL of `registry`. Returns `None` for a registry
/// without requests: a mirror of archives is not a registry.
pub fn registry_url(registry: &dyn Registry, base: &str) -> Option<String> {
    let public = registry.default_address()?;
    (base.trim_end_matches('/') != public).then(|| base.trim_end_matches('/').to_owned())
}

/// Queries one project with the source data `locator`. `last` is the saved answer, `now` the time
/// of the request.
pub fn one(
    asked: &RegistryHandle<'_>,
    key: &ProjectKey,
    locator: &Locator,
    last: Option<Answer>,
    now: Timestamp,
) -> Resolved {
    // A missing project cannot be unchanged, and a registry does not confirm the answer of
    // another one.
    let registry_url = asked.registry_url();
    let found = last
        .as_ref()
        .filter(|it| it.found().is_some() && it.registry_url == registry_url);
    let question = ProjectRequest {
        base: asked.base,
        name: &key.name,
        locator,
        last: found,
        now,
        run: asked.run,
    };
    let reply = asked.registry.ask(&question, asked.web);
    let resolved = apply_reply(key, last, reply, now);
    match resolved.what {
        Resolution::Failed(_) => resolved,
        _ => Resolved {
            answer: resolved.answer.map(|answer| Answer {
                registry_url,
                ..answer
            }),
            ..resolved
        },
    }
}

/// Returns the result of `reply`, given the `last` answer.
pub fn apply_reply(
    key: &ProjectKey,
    last: Option<Answer>,
    reply: Result<Lookup, RegistryError>,
    now: Timestamp,
) -> Resolved {
    match reply {
        Ok(Lookup::Found(mut found)) => {
            found.project.releases = found
                .project
                .releases
                .into_iter()
                .map(|release| with_known_time(release, now))
                .collect();
            let what = if last.as_ref().and_then(Answer::found) == Some(&found.project) {
                Resolution::Same
            } else {
                Resolution::New
            };
            let answer = Answer {
                validators: found.validators,
                simple_page: found.simple_page,
                project: Some(found.project),
                ..blank(key, State::Found, now)
            };
            Resolved {
                answer: Some(answer),
                description: found.description,
                what,
            }
        }
        Ok(Lookup::NotModified) => match last {
            Some(last) => Resolved {
                answer: Some(Answer {
                    checked_at: now,
                    trouble: None,
                    ..last
                }),
                description: None,
                what: Resolution::Same,
            },
            None => failed(
                None,
                RegistryError("the registry says `unchanged` of what nobody knows".to_owned()),
                now,
            ),
        },
        Ok(Lookup::NotFound) => {
            // The last known data are kept for the page that reports the removal.
            let project = last.and_then(|it| it.project);
            Resolved {
                answer: Some(Answer {
                    project,
                    ..blank(key, State::Gone, now)
                }),
                description: None,
                what: Resolution::Gone,
            }
        }
        Err(failure) => failed(last, failure, now),
    }
}

/// `release`, whose time is not known where it is one that has not come: it would be the newest of
/// all for as long. Clocks differ by a day at most, and days begin at different times.
fn with_known_time(release: Release, now: Timestamp) -> Release {
    let is_past = |at: &Timestamp| at.as_second() <= now.as_second() + 24 * 60 * 60;
    Release {
        released_at: release.released_at.filter(is_past),
        ..release
    }
}

/// The room in a saved answer for what is written beside what the registry says: since when it
/// fails, and why.
const ROOM: usize = 4 << 10;

/// `resolved`, unless its answer could not be read again as it would be saved: then the `last` one stays, and everything else is
/// published. It is asked for as if it were new from then on.
pub fn kept(
    resolved: Resolved,
    key: &ProjectKey,
    last: Option<Answer>,
    now: Timestamp,
) -> Resolved {
    let Some(why) = resolved
        .answer
        .as_ref()
        .and_then(|answer| fault_of(answer, key))
    else {
        return resolved;
    };
    failed(
        last.map(|last| Answer {
            validators: None,
            ..last
        }),
        RegistryError(why),
        now,
    )
}

/// The reason why `answer` cannot be kept for `key`; `None` for a good one.
pub fn fault_of(answer: &Answer, key: &ProjectKey) -> Option<String> {
    const MOST: usize = MAX_ANSWER - ROOM;
    let written = match answers::text(answer) {
        Ok(written) => written,
        Err(why) => return Some(why.to_string()),
    };
    if written.len() > MOST {
        return Some(format!(
            "what it says takes {} bytes to keep; {MOST} is the most",
            written.len()
        ));
    }
    let fault = answers::fault_of(answer, key).or_else(|| answers::fault_of_texts(&written));
    fault.map(|why| format!("what it says can not be kept: {why}"))
}

fn blank(key: &ProjectKey, state: State, now: Timestamp) -> Answer {
    Answer {
        format: FORMAT,
        registry: key.registry.to_owned(),
        name: key.name.clone(),
        state,
        registry_url: None,
        checked_at: now,
        trouble: None,
        validators: None,
        simple_page: None,
        project: None,
    }
}

/// Keeps the last valid answer, with the time and the reason of the first failure since then.
fn failed(last: Option<Answer>, RegistryError(message): RegistryError, now: Timestamp) -> Resolved {
    // The message may quote the response of the registry.
    let message = text::one_line(&message, MAX_MESSAGE);
    let answer = last.map(|last| {
        let since = last.trouble.as_ref().map_or(now, |trouble| trouble.at);
        Answer {
            trouble: Some(Trouble {
                at: since,
                message: message.clone(),
            }),
            ..last
        }
    });
    Resolved {
        answer,
        description: None,
        what: Resolution::Failed(message),
    }
}

#[cfg(test)]
mod tests {
    use super::{Resolution, Resolved, apply_reply, blank, kept};
    use crate::{FoundProject, Lookup};
    use shopfront_model::answers::{
        Answer, File, FileKind, Link, NewestFacts, Project, ProjectKey, Release, State,
    };

    /// Returns a project of `releases` with the maximum number of files per release.
    fn project(releases: usize) -> Project {
        let file = |at: usize| File {
            name: format!("{}-{at}.whl", "a".repeat(200)),
            kind: FileKind::Wheel,
            size: Some(1),
            sha256: Some("0".repeat(64)),
            integrity: None,
            address: None,
        };
        let release = |at: usize| Release {
            version: format!("1.{at}"),
            released_at: None,
            yanked: false,
            yanked_reason: None,
            requires_python: None,
            attested: None,
            prerelease: None,
            requires: Default::default(),
            contents: None,
            files: (0..2_000).map(file).collect(),
        };
        Project {
            name: "tides".to_owned(),
            status: None,
            status_reason: None,
            attestations: Vec::new(),
            newest: NewestFacts::default(),
            releases: (0..releases).map(release).collect(),
        }
    }

    #[test]
    fn an_answer_that_could_not_be_read_again_leaves_the_last_one() {
        let key = ProjectKey::pypi("tides");
        let now = jiff::Timestamp::UNIX_EPOCH;
        let of = |releases| {
            let answer = Answer {
                project: Some(project(releases)),
                ..blank(&key, State::Found, now)
            };
            Resolved {
                answer: Some(answer),
                description: None,
                what: Resolution::New,
            }
        };
        let last = of(1).answer;
        let resolved = kept(of(80), &key, last.clone(), now);
        assert!(
            matches!(&resolved.what, Resolution::Failed(why) if why.contains("bytes to keep; 33550336 is the most")),
            "{:?}",
            resolved.what
        );
        assert_eq!(
            resolved.answer.map(|it| (it.project, it.trouble.is_some())),
            last.clone().map(|it| (it.project, true))
        );
        assert_eq!(kept(of(2), &key, None, now).what, Resolution::New);
        let with = |change: fn(&mut Project)| {
            let mut project = project(1);
            change(&mut project);
            Resolved {
                answer: Some(Answer {
                    project: Some(project),
                    ..blank(&key, State::Found, now)
                }),
                description: None,
                what: Resolution::New,
            }
        };
        let unreadable: [fn(&mut Project); 4] = [
            |it| {
                it.newest.links = vec![Link {
                    label: "Homepage".to_owned(),
                    url: "http://127.0.0.1:8080/admin".to_owned(),
                }]
            },
            |it| it.newest.summary = Some("gpj.\u{202e}exe".to_owned()),
            |it| it.releases[0].requires = [("node".to_owned(), ">=1\u{1b}[2J".to_owned())].into(),
            |it| it.newest.author = Some("a".repeat(1 << 20)),
        ];
        for change in unreadable {
            let resolved = kept(with(change), &key, last.clone(), now);
            assert!(
                matches!(&resolved.what, Resolution::Failed(why) if why.starts_with("what it says can not be kept")),
                "{:?}",
                resolved.what
            );
            assert_eq!(
                resolved.answer.and_then(|it| it.project),
                last.as_ref().and_then(|it| it.project.clone())
            );
        }
    }

    #[test]
    fn a_release_of_a_time_to_come_is_one_of_no_known_time() {
        let now: jiff::Timestamp = "2026-11-20T12:00:00Z".parse().expect("a time");
        let mut project = project(3);
        for (release, at) in project.releases.iter_mut().zip([
            "2026-11-19T00:00:00Z",
            "2026-11-21T12:00:00Z",
            "9999-12-30T00:00:00Z",
        ]) {
            release.files.truncate(1);
            release.released_at = Some(at.parse().expect("a time"));
        }
        let found = FoundProject {
            project: project.clone(),
            validators: None,
            simple_page: None,
            description: None,
        };
        let resolved = apply_reply(
            &ProjectKey::pypi("tides"),
            None,
            Ok(Lookup::Found(Box::new(found))),
            now,
        );
        let known = resolved
            .answer
            .and_then(|it| it.project)
            .expect("a project")
            .releases;
        let times: Vec<bool> = known.iter().map(|it| it.released_at.is_some()).collect();
        assert_eq!(times, [true, true, false]);
    }
}
