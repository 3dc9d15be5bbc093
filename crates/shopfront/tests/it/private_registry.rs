//! Tests of stores built from private registries. No command, link or document of theirs refers to a
//! public registry, where anyone may own the name of a project.

use std::collections::BTreeMap;
use std::fs;

use serde_json::json;
use shopfront::commands::{diff, resolve};
use shopfront::report::{Format, Links};
use shopfront_model::answers::ProjectKey;
use shopfront_registry as registry;

use crate::fake_index::{FakeIndex, Fault, npm_document, project_json};
use crate::golden;
use crate::malformed_archives::{self, Tricks};
use crate::scratch::{Scratch, fixtures};
use crate::support::{LOOK, RELEASES, asking, built, json, text, tree};

/// Commands of `host.json`, each of a separate host.
const TEMPLATES: &[(&str, &str, Option<&str>)] = &[
    ("added", "python", Some("uv add {project}")),
    (
        "module",
        "python",
        Some("python -m pip install --upgrade {project}"),
    ),
    (
        "named",
        "python",
        Some("pip install --index-url https://pypi.corp.example/simple/ {project}"),
    ),
    (
        "named-equals",
        "python",
        Some("uv pip install --default-index=https://pypi.corp.example/simple {project}"),
    ),
    (
        "named-secret",
        "python",
        Some("pip install -i https://rosa:secret@pypi.corp.example/simple/ {project}"),
    ),
    (
        "named-twice",
        "python",
        Some(
            "pip install -i https://pypi.corp.example/simple/ --extra-index-url https://index.example/simple {project}",
        ),
    ),
    (
        "named-variable",
        "python",
        Some("PIP_INDEX_URL=https://pypi.corp.example/simple/ pip install {project}"),
    ),
    ("none", "python", None),
    ("own", "python", Some("lighthouse install {project}")),
    (
        "own-elsewhere",
        "python",
        Some("lighthouse install --from https://pypi.corp.example/ {project}"),
    ),
    ("palette", "node-red", None),
    (
        "palette-named",
        "node-red",
        Some("npm install --registry https://npm.corp.example/ {project}"),
    ),
    ("palette-plain", "node-red", Some("npm install {project}")),
    ("plain", "python", Some("pip install {project}")),
    (
        "public",
        "python",
        Some("pip install --index-url https://index.example/simple/ {project}"),
    ),
    (
        "shell",
        "python",
        Some("pip install --index-url $INDEX {project}"),
    ),
];

/// Returns the server of the public pages of `registry`. `index.example` and `npm.example` are
/// their placeholders in the expected files.
fn public(registry: &str) -> String {
    let page = registry::find(registry).unwrap().page("");
    page.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// Returns a store with a host for each command and one plugin in each, from the registries at
/// `pypi` and `npm`.
fn store(pypi: Option<&str>, npm: Option<&str>) -> Scratch {
    let scratch = Scratch::empty();
    let base = fixtures().join("base");
    scratch.write(
        "catalogue/store.json",
        &fs::read_to_string(base.join("catalogue/store.json")).unwrap(),
    );
    for (id, kind, template) in TEMPLATES {
        let mut host =
            json!({ "kind": kind, "title": "Harbour", "description": "An application." });
        match *kind {
            "python" => host["distribution"] = "harbour".into(),
            _ => host["versions"] = json!(["4"]),
        }
        if let Some(template) = template {
            host["install"] = template
                .replace("https://index.example", &public("pypi"))
                .into();
        }
        scratch.write(&format!("catalogue/{id}/host.json"), &format!("{host:#}\n"));
        let (source, module) = if *kind == "python" {
            ("pypi", Some("harbour_tides"))
        } else {
            ("npm", None)
        };
        let mut snippet = json!({ "display_name": "Tides", "display_description": "Shows the tides.", "author": "Mira", "license": "MIT" });
        snippet["source"] = json!({ source: "harbour-tides" });
        if let Some(module) = module {
            snippet["module_name"] = module.into();
        }
        scratch.write(
            &format!("catalogue/{id}/tides.json"),
            &format!("{snippet:#}\n"),
        );
    }
    let answers = ["pypi/harbour", "pypi/harbour-tides", "npm/harbour-tides"];
    for (at, url) in answers.into_iter().zip([pypi, pypi, npm]) {
        let (registry, name) = at.split_once('/').unwrap();
        let file = json!({ "name": format!("{name}-1.0.tgz"), "kind": "wheel", "size": 10, "sha256": "0".repeat(64) });
        let release = json!({
            "version": "1.0.0", "released_at": "2026-01-02T03:04:05Z", "yanked": false, "yanked_reason": null, "requires_python": null,
            "requires": {}, "files": [file],
            "contents": { "kind": "node-red", "of": "0".repeat(64), "facts": { "name": name, "version": "1.0.0", "types": ["tides"], "plugins": [], "install_scripts": [] } },
        });
        let newest = json!({
            "version": "1.0.0", "summary": "Tides.", "author": "Mira", "license": "MIT", "keywords": [], "links": [], "requires_dist": ["harbour"],
            "description": null, "vulnerabilities": [],
        });
        let mut answer = json!({
            "format": 1, "registry": registry, "name": name, "state": "found", "checked_at": "2026-11-20T12:00:00Z", "trouble": null,
            "validators": null, "project": { "name": name, "status": null, "newest": newest, "releases": [release] },
        });
        if let Some(url) = url {
            answer["registry_url"] = url.into();
        }
        scratch.write(&format!("answers/{at}.json"), &format!("{answer}\n"));
    }
    scratch
}

/// Returns the published commands, page and registry of each plugin.
fn told(scratch: &Scratch) -> String {
    let mut told = String::new();
    for (id, ..) in TEMPLATES {
        let detail = json(scratch, &format!("api/v1/plugins/{id}/tides.json"));
        told.push_str(&format!("{id}\n"));
        for install in detail["install"].as_array().unwrap() {
            told.push_str(&format!(
                "  {:<7} {}\n",
                install["tool"].as_str().unwrap(),
                install["command"].as_str().unwrap()
            ));
        }
        let source = &detail["source"];
        told.push_str(&format!("  page    {}\n", source["url"].as_str().unwrap()));
        told.push_str(&format!(
            "  index   {}\n",
            source["registry_url"].as_str().unwrap_or("-")
        ));
    }
    told.replace(&public("pypi"), "https://index.example")
        .replace(&public("npm"), "https://npm.example")
}

#[test]
fn every_command_asks_the_registry_that_the_store_was_built_from_or_that_its_host_names() {
    let mut differences = Vec::new();
    let worlds: [(&str, Option<&str>, Option<&str>); 3] = [
        ("public", None, None),
        (
            "private",
            Some("https://pypi.corp.example/root"),
            Some("https://npm.corp.example"),
        ),
        (
            "private-simple",
            Some("https://pypi.corp.example/simple"),
            Some("http://npm.internal:4873"),
        ),
    ];
    for (world, pypi, npm) in worlds {
        let scratch = store(pypi, npm);
        built(&scratch, None);
        differences.extend(golden::difference(
            &fixtures().join(format!("private-registry/{world}.txt")),
            &told(&scratch),
        ));
    }
    golden::assert_none(&differences);
}

/// Returns the published files about plugins. Guides and pages of codes describe registries in
/// general.
fn of_plugins(scratch: &Scratch) -> BTreeMap<String, String> {
    let is_general = |path: &str| {
        ["docs/", "errors/", "schema/", "assets/"]
            .iter()
            .any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")))
    };
    let files = tree(&scratch.path().join("dist"))
        .into_iter()
        .filter(|(path, _)| !is_general(path));
    files
        .filter_map(|(path, bytes)| Some((path, String::from_utf8(bytes).ok()?)))
        .collect()
}

#[test]
fn no_published_file_and_no_review_of_a_private_store_leads_to_a_public_registry() {
    let scratch = store(
        Some("https://pypi.corp.example/root"),
        Some("https://npm.corp.example"),
    );
    // The maintainer names the public registry, additionally or exclusively, in the command or in
    // the environment, or calls an unknown program.
    for id in ["named-twice", "named-variable", "own", "public"] {
        fs::remove_dir_all(scratch.path().join("catalogue").join(id)).unwrap();
    }
    scratch.commit();
    built(&scratch, None);
    for host in ["none", "palette"] {
        let path = format!("catalogue/{host}/tides.json");
        let text = fs::read_to_string(scratch.path().join(&path)).unwrap();
        scratch.write(
            &path,
            &text.replace("Shows the tides.", "Shows high and low water."),
        );
    }
    let options = diff::Options {
        since: Some("HEAD".to_owned()),
        author: None,
        asking: None,
        format: Format::Markdown,
        look: LOOK,
        links: Links::default(),
    };
    let review = diff::run(&scratch.workspace(), &options).unwrap().stdout;
    assert!(
        review.contains("https://pypi.corp.example/root/simple/harbour-tides/"),
        "{review}"
    );
    assert!(
        review.contains("https://npm.corp.example/harbour-tides"),
        "{review}"
    );
    let hosts = [public("pypi"), public("npm")];
    let commands = [
        "pip install harbour",
        "pip install --upgrade harbour",
        "uv add harbour",
        "npm install harbour",
        ".node-red harbour",
    ];
    let mut wrong = Vec::new();
    for (path, text) in of_plugins(&scratch)
        .into_iter()
        .chain([("the review".to_owned(), review)])
    {
        let found = hosts
            .iter()
            .map(String::as_str)
            .chain(commands)
            .filter(|public| text.contains(public));
        wrong.extend(found.map(|public| format!("{path}: {public}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn an_answer_of_one_registry_is_no_answer_of_another() {
    let scratch = Scratch::base();
    let (first, second) = (FakeIndex::start(), FakeIndex::start());
    let key = ProjectKey::pypi("harbour-tides");
    let ask = |index: &FakeIndex| {
        let options = resolve::Options {
            refresh: false,
            ..asking(&index.base())
        };
        crate::support::ask(&scratch.workspace(), &["harbour-tides"], &options)
    };
    first.json("harbour-tides", project_json("harbour-tides", &RELEASES));
    second.json(
        "harbour-tides",
        project_json("harbour-tides", &RELEASES[..1]),
    );
    let answer = || {
        scratch
            .workspace()
            .answers_dir
            .answer(&key)
            .unwrap()
            .unwrap()
    };
    assert_eq!(
        (ask(&first).asked, answer().registry_url),
        (1, Some(first.base()))
    );
    assert_eq!(ask(&first).fresh, 1);
    // The new registry is queried at once, without the validators of the other one, and its answer
    // replaces the earlier one.
    assert_eq!(
        (ask(&second).asked, answer().registry_url),
        (1, Some(second.base()))
    );
    assert!(
        second
            .requests()
            .iter()
            .all(|request| request.header("if-none-match").is_none())
    );
    assert_eq!(answer().found().unwrap().releases.len(), 1);
    // If a registry fails, the known answer and its origin stay.
    first.fault("*", Fault::ServerError500 { times: u32::MAX });
    assert_eq!(
        (ask(&first).failed.len(), answer().registry_url),
        (1, Some(second.base()))
    );
}

#[test]
fn a_store_that_was_built_with_addresses_of_its_own_is_offered_from_there() {
    let index = FakeIndex::start();
    let scratch = store(None, None);
    index.json("harbour", project_json("harbour", &RELEASES));
    index.json("harbour-tides", project_json("harbour-tides", &RELEASES));
    let package = json!({
        "name": "harbour-tides", "version": "1.0.0", "description": "Tides.", "license": "MIT", "author": "Mira", "keywords": ["node-red"],
        "node-red": { "nodes": { "tides": "tides.js" } },
    });
    let page =
        b"<script type=\"text/javascript\">RED.nodes.registerType('tides', {})</script>".to_vec();
    let members = [
        ("package.json", package.to_string().into_bytes()),
        ("tides.js", b"module.exports = () => {}".to_vec()),
        ("tides.html", page),
    ];
    let members = members
        .into_iter()
        .map(|(name, bytes)| (format!("package/{name}"), bytes))
        .collect();
    let tarball = malformed_archives::tar_gz(members, &Tricks::parse("{}"));
    let dist = index.tarball("harbour-tides", "1.0.0", &tarball);
    index.npm(
        "harbour-tides",
        npm_document("harbour-tides", &[("1.0.0", dist)]),
    );
    let addresses = ["pypi", "npm"]
        .into_iter()
        .map(|id| (id, index.base()))
        .collect();
    built(
        &scratch,
        Some(resolve::Options {
            addresses,
            ..asking(&index.base())
        }),
    );
    let detail = |host: &str| json(&scratch, &format!("api/v1/plugins/{host}/tides.json"));
    let commands = |host: &str| {
        detail(host)["install"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["command"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let simple = format!("{}/simple/", index.base());
    assert_eq!(
        commands("none"),
        [
            format!("pip install --index-url {simple} harbour-tides"),
            format!("uv pip install --index-url {simple} harbour-tides")
        ]
    );
    assert_eq!(
        commands("palette"),
        [format!(
            "npm install --prefix ~/.node-red --registry {} harbour-tides",
            index.base()
        )]
    );
    assert_eq!(
        detail("none")["source"]["url"],
        format!("{simple}harbour-tides/")
    );
    assert!(!text(&scratch, "none/tides/index.html").contains(&public("pypi")));
}
