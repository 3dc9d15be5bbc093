//! Generated plugin with its snippet and the answer of its registry.

use jiff::Timestamp;
use serde_json::{Value, json};
use shopfront_model::answers::{
    Answer, Description, File, FileKind, Link, NewestFacts, Project, Release, State,
};
use shopfront_text::digest;

use crate::readme;
use crate::rng::Dice;
use crate::words::{
    DOES, FIELDS, FIRST_NAMES, HOW, LAST_NAMES, LIBRARIES, LICENSES, OBJECTS, THINGS, TOOLS,
};

/// Host of the generated store.
pub(crate) struct Host {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) kind: &'static str,
    /// The host's own project.
    pub(crate) project: &'static str,
    /// Prefix of the projects of its plugins.
    prefix: &'static str,
    pub(crate) categories: &'static [(&'static str, &'static str)],
    /// Seed of its plugins.
    seed: u64,
}

#[rustfmt::skip]
pub(crate) static HOSTS: [Host; 2] = [
    Host {
        id: "datasette", title: "Datasette", kind: "python", project: "datasette", prefix: "datasette", seed: 1,
        categories: &[("visualisation", "Charts and maps"), ("search", "Search"), ("authentication", "Sign-in and permissions"),
            ("editing", "Import and editing"), ("output", "Export and APIs"), ("display", "Look and feel")],
    },
    Host {
        id: "fiab", title: "Forecast in a Box", kind: "fiab", project: "fiab-core", prefix: "fiab-plugin", seed: 2,
        categories: &[("source", "Sources"), ("transform", "Transforms"), ("product", "Products"), ("sink", "Sinks")],
    },
];

/// Generated plugin.
pub(crate) struct Plugin {
    pub(crate) host: &'static Host,
    pub(crate) id: String,
    pub(crate) snippet: Value,
    pub(crate) answer: Answer,
    /// Long description in Markdown.
    pub(crate) readme: String,
}

/// Distribution of the number of releases in the 83 committed answers: percent of the projects, and
/// their maximum number.
const RELEASES: &[(usize, usize)] = &[
    (0, 1),
    (10, 1),
    (25, 3),
    (50, 8),
    (75, 14),
    (90, 24),
    (95, 40),
    (100, 120),
];
const README_BYTES: &[(usize, usize)] = &[
    (0, 300),
    (10, 960),
    (25, 1_600),
    (50, 2_500),
    (75, 5_500),
    (90, 9_300),
    (95, 14_000),
    (100, 30_000),
];
const DEPENDENCIES: &[(usize, usize)] = &[(0, 0), (25, 2), (50, 3), (75, 5), (90, 8), (100, 18)];

/// Returns the time of every answer.
pub(crate) fn asked_at() -> Timestamp {
    Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1_795_176_000)
}

/// Returns the plugin number `index` of a store. Seven of ten are for the Python host.
pub(crate) fn plugin(index: usize) -> Plugin {
    let (host, number) = if index % 10 < 7 {
        (&HOSTS[0], index / 10 * 7 + index % 10)
    } else {
        (&HOSTS[1], index / 10 * 3 + index % 10 - 7)
    };
    let mut dice = Dice::for_thing(host.seed, number);
    let words = name(number);
    let id = words.join("-");
    let project = format!("{}-{id}", host.prefix);
    let description = format!(
        "{} {} {}.",
        dice.pick(DOES),
        dice.pick(THINGS),
        dice.pick(HOW)
    );
    let description = if dice.percent(40) {
        format!(
            "{description} {} {} {}.",
            dice.pick(DOES),
            dice.pick(THINGS),
            dice.pick(HOW)
        )
    } else {
        description
    };
    let (first, last) = (dice.pick(FIRST_NAMES), dice.pick(LAST_NAMES));
    let length = dice.as_measured(README_BYTES);
    let readme = readme::text(&mut dice, &project, &description, length);
    Plugin {
        host,
        snippet: snippet(
            &mut dice,
            host,
            &words,
            &project,
            &description,
            &format!("{first} {last}"),
        ),
        answer: answer(&mut dice, host, &project, &description, &readme),
        id,
        readme,
    }
}

/// Returns a unique name for every number. Consecutive names share no word.
fn name(number: usize) -> [&'static str; 3] {
    let all = FIELDS.len() * OBJECTS.len() * TOOLS.len();
    assert!(
        number < all,
        "there are names for {all} plugins of one host"
    );
    // Coprime to `all`, so that every name occurs once.
    let at = number * 48_611 % all;
    [
        FIELDS[at % FIELDS.len()],
        OBJECTS[at / FIELDS.len() % OBJECTS.len()],
        TOOLS[at / FIELDS.len() / OBJECTS.len()],
    ]
}

fn snippet(
    dice: &mut Dice,
    host: &Host,
    words: &[&str; 3],
    project: &str,
    description: &str,
    author: &str,
) -> Value {
    let title = |word: &&str| word[..1].to_uppercase() + &word[1..];
    let name = words.iter().map(title).collect::<Vec<_>>().join(" ");
    let name = if host.kind == "python" {
        format!("{} {name}", host.title)
    } else {
        name
    };
    let login = author
        .chars()
        .filter(char::is_ascii_alphabetic)
        .collect::<String>()
        .to_lowercase();
    let repository = format!("https://git.example/{login}/{project}");
    let mut snippet = json!({
        "display_name": name,
        "display_description": description,
        "author": author,
        "source": { "pypi": project },
        "module_name": project.replace('-', "_"),
    });
    if dice.percent(15) {
        snippet["homepage"] = format!("https://{login}.example/{project}").into();
    }
    if dice.percent(10) {
        snippet["documentation"] = format!("https://docs.example/{project}").into();
    }
    snippet["repository"] = repository.clone().into();
    snippet["issues"] = format!("{repository}/issues").into();
    snippet["license"] = dice.pick(LICENSES).into();
    let first = dice.below(host.categories.len());
    let second = (first + 1 + dice.below(host.categories.len() - 1)) % host.categories.len();
    let categories: &[usize] = if dice.percent(30) {
        &[first, second]
    } else {
        &[first]
    };
    snippet["categories"] = categories.iter().map(|at| host.categories[*at].0).collect();
    let mut keywords = words.to_vec();
    keywords.extend(
        ["csv", "maps", "sqlite", "time series", "quality control"]
            .iter()
            .filter(|_| dice.percent(30)),
    );
    snippet["keywords"] = keywords.into_iter().collect();
    snippet
}

fn answer(dice: &mut Dice, host: &Host, project: &str, description: &str, readme: &str) -> Answer {
    let count = dice.as_measured(RELEASES);
    let mut releases = releases(dice, project, count, host.kind == "fiab");
    // All but the newest: a project with only yanked releases is a different case.
    let last = releases.len() - 1;
    for release in &mut releases[..last] {
        if dice.percent(2) {
            release.yanked = true;
            release.yanked_reason = dice
                .percent(50)
                .then(|| "the wheel lacks its templates".to_owned());
        }
    }
    let newest = NewestFacts {
        version: Some(releases[last].version.clone()),
        summary: Some(description.to_owned()),
        author: None,
        license: Some(dice.pick(LICENSES).to_owned()),
        keywords: Vec::new(),
        links: vec![Link {
            label: "Homepage".to_owned(),
            url: format!("https://git.example/plugins/{project}"),
        }],
        requires_dist: Some(requires(dice, host)),
        description: Some(Description {
            sha256: digest::sha256(readme.as_bytes()),
            content_type: Some("text/markdown".to_owned()),
            bytes: u64::try_from(readme.len()).unwrap_or_default(),
        }),
        vulnerabilities: Vec::new(),
    };
    found(project, newest, releases)
}

/// Returns the answer for a host's own project, with six major versions.
pub(crate) fn host_answer(host: &Host) -> Answer {
    let mut dice = Dice::for_thing(host.seed + 100, 0);
    let releases = releases(&mut dice, host.project, 90, true);
    let newest = NewestFacts {
        version: releases.last().map(|it| it.version.clone()),
        ..NewestFacts::default()
    };
    found(host.project, newest, releases)
}

fn found(project: &str, newest: NewestFacts, releases: Vec<Release>) -> Answer {
    Answer {
        registry_url: None,
        format: 1,
        registry: "pypi".to_owned(),
        name: project.to_owned(),
        state: State::Found,
        checked_at: asked_at(),
        trouble: None,
        validators: None,
        simple_page: None,
        project: Some(Project {
            name: project.to_owned(),
            status: None,
            status_reason: None,
            attestations: Vec::new(),
            newest,
            releases,
        }),
    }
}

fn requires(dice: &mut Dice, host: &Host) -> Vec<String> {
    let of_host = if host.kind == "fiab" {
        "fiab-core<7,>=6".to_owned()
    } else {
        format!("{}>=0.{}", host.project, dice.between(40, 65))
    };
    let mut all = vec![of_host];
    all.extend((0..dice.as_measured(DEPENDENCIES)).map(|_| dice.pick(LIBRARIES).to_owned()));
    if dice.percent(60) {
        all.extend(
            [
                "pytest; extra == \"test\"",
                "pytest-asyncio; extra == \"test\"",
            ]
            .map(str::to_owned),
        );
    }
    all
}

/// Returns `count` releases, oldest first. If their major versions follow those of the host, the
/// last one is for its newest, 6.
fn releases(dice: &mut Dice, project: &str, count: usize, follows_majors: bool) -> Vec<Release> {
    let mut at = asked_at()
        - jiff::SignedDuration::from_hours(
            24 * i64::try_from(20 + dice.below(60) + count * 18).unwrap_or_default(),
        );
    let (mut major, mut minor, mut patch) = (0, 0, 0);
    let python = dice.pick(&[">=3.8", ">=3.9", ">=3.10", ">=3.11"]);
    let mut size = u64::try_from(dice.between(4_000, 60_000)).unwrap_or_default();
    let mut all = Vec::with_capacity(count);
    for left in (0..count).rev() {
        if follows_majors && (left == 0 || (left < 6 && major < 6 - left)) {
            (major, minor, patch) = (6 - left, 0, 0);
        } else if dice.percent(45) {
            patch += 1;
        } else {
            (minor, patch) = (minor + 1, 0);
        }
        let pre = if left > 0 && dice.percent(8) {
            "a1"
        } else {
            ""
        };
        let version = if patch == 0 && !follows_majors {
            format!("{major}.{minor}{pre}")
        } else {
            format!("{major}.{minor}.{patch}{pre}")
        };
        at += jiff::SignedDuration::from_mins(
            i64::try_from(dice.between(600, 24_000)).unwrap_or_default(),
        );
        size += u64::try_from(dice.below(900)).unwrap_or_default();
        let module = project.replace('-', "_");
        let mut files = vec![File {
            name: format!("{module}-{version}-py3-none-any.whl"),
            kind: FileKind::Wheel,
            size: Some(size),
            sha256: Some(dice.hexadecimal(64)),
            integrity: None,
            address: None,
        }];
        if dice.percent(75) {
            files.push(File {
                name: format!("{module}-{version}.tar.gz"),
                kind: FileKind::Sdist,
                size: Some(size + size / 3),
                sha256: Some(dice.hexadecimal(64)),
                integrity: None,
                address: None,
            });
        }
        let requires_python = Some(python.to_owned());
        all.push(Release {
            version,
            released_at: Some(at),
            yanked: false,
            yanked_reason: None,
            requires_python,
            attested: None,
            prerelease: None,
            requires: std::collections::BTreeMap::new(),
            contents: None,
            files,
        });
    }
    all
}
