//! Tests of the published formats from the outside: with the published schemas, and the documented
//! order of keys.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::scratch::{Scratch, fixtures};
use crate::support::{built, ended, json, program, text, tree};

/// Returns the schema of a published document. Every published JSON has one.
fn schema_of(path: &str) -> Option<&'static str> {
    let exact = [
        ("plugins.json", "api-plugins"),
        ("answers.json", "api-answers"),
        ("api/v1/index.json", "api-index"),
        ("api/v1/hosts.json", "api-hosts"),
        ("api/v1/health.json", "api-health"),
        ("api/v1/problems.json", "api-problems"),
        ("api/v1/changes.json", "api-changes"),
        ("api/v1/openapi.json", "api-openapi"),
    ];
    let known = exact
        .iter()
        .find(|(name, _)| *name == path)
        .map(|(_, schema)| *schema);
    let below = |start: &str| path.starts_with(start);
    let known = known.or(path.ends_with("/badge.json").then_some("badge"));
    let known = known.or(below("assets/search/").then_some("search-index"));
    known
        .or(below("api/v1/plugins/").then_some("api-plugin"))
        .or(path.ends_with("/plugins.json").then_some("fiab-document"))
}

/// Returns `fixtures/build/small`, to be built.
pub(crate) fn small() -> Scratch {
    let scratch = Scratch::empty();
    for folder in ["catalogue", "answers"] {
        for (path, bytes) in tree(&fixtures().join("build/small").join(folder)) {
            scratch.write(
                &format!("{folder}/{path}"),
                std::str::from_utf8(&bytes).unwrap(),
            );
        }
    }
    scratch
}

#[test]
fn every_document_keeps_to_the_schema_that_is_published_beside_it() {
    for scratch in [Scratch::base(), small(), crate::hostile::store()] {
        built(&scratch, None);
        let files = tree(&scratch.path().join("dist"));
        let mut checked = 0;
        for (path, bytes) in files
            .iter()
            .filter(|(path, _)| path.ends_with(".json") && !path.starts_with("schema/"))
        {
            let schema = schema_of(path).unwrap_or_else(|| panic!("{path} has no schema"));
            let schema = json(&scratch, &format!("schema/{schema}.schema.json"));
            let validator = jsonschema::draft202012::options()
                .should_validate_formats(true)
                .build(&schema)
                .unwrap();
            let document: Value = serde_json::from_slice(bytes).unwrap();
            let faults: Vec<String> = validator
                .iter_errors(&document)
                .map(|it| format!("{it} at {}", it.instance_path()))
                .collect();
            assert!(faults.is_empty(), "{path}: {faults:#?}");
            assert!(
                bytes.ends_with(b"}\n") && !bytes.starts_with(b"\xef\xbb\xbf"),
                "{path}"
            );
            checked += 1;
        }
        assert!(checked >= 9, "{checked}");
    }
}

/// Returns `true` if a URL matches an OpenAPI path. `{name}` matches any text within one segment.
fn is_at(template: &str, address: &str) -> bool {
    let (steps, parts): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), address.split('/').collect());
    let fits = |(step, part): (&&str, &&str)| match step
        .split_once('{')
        .and_then(|(start, rest)| Some((start, rest.split_once('}')?.1)))
    {
        Some((start, end)) => {
            part.len() > start.len() + end.len() && part.starts_with(start) && part.ends_with(end)
        }
        None => step == part,
    };
    steps.len() == parts.len() && steps.iter().zip(&parts).all(fits)
}

#[test]
fn every_published_json_is_described_by_the_openapi_document_with_its_schema() {
    for scratch in [Scratch::base(), small(), crate::hostile::store()] {
        built(&scratch, None);
        let files = tree(&scratch.path().join("dist"));
        let described = json(&scratch, "api/v1/openapi.json");
        let paths = described["paths"].as_object().unwrap();
        let mut used = std::collections::BTreeSet::new();
        // Files below `assets/` are only for the scripts of the same build.
        for path in files
            .keys()
            .filter(|path| path.ends_with(".json") && !path.starts_with("assets/"))
        {
            let address = format!("/{path}");
            let found: Vec<&String> = paths
                .keys()
                .filter(|template| is_at(template, &address))
                .collect();
            assert_eq!(found.len(), 1, "{path} is described by {found:?}");
            let schema = paths[found[0]]["get"]["responses"]["200"]["content"]["application/json"]
                ["schema"]["$ref"]
                .as_str();
            let file = schema_of(path).map(|name| format!("schema/{name}.schema.json"));
            assert_eq!(
                schema.map(str::to_owned),
                file.as_ref().map(|file| format!("../../{file}")),
                "{path}"
            );
            assert!(
                file.map_or(path.starts_with("schema/"), |file| files
                    .contains_key(&file)),
                "{path}"
            );
            used.insert(found[0].clone());
        }
        // What a host's program reads may be called otherwise.
        used.extend(
            paths
                .keys()
                .filter(|path| !path.ends_with(".json") && files.contains_key(&path[1..]))
                .cloned(),
        );
        assert_eq!(
            used.into_iter().collect::<Vec<_>>(),
            paths
                .keys()
                .cloned()
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        );
        assert_structure(&described);
    }
}

/// Checks the rules of OpenAPI 3.1 that its schema lacks: names are unique, and placeholders in a
/// path are parameters.
fn assert_structure(described: &Value) {
    let mut names = std::collections::BTreeSet::new();
    for (path, item) in described["paths"].as_object().unwrap() {
        let operation = &item["get"];
        assert!(
            names.insert(operation["operationId"].as_str().unwrap()),
            "{path}"
        );
        let in_path: Vec<&str> = path
            .split('{')
            .skip(1)
            .map(|rest| rest.split_once('}').unwrap().0)
            .collect();
        let parameters: Vec<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        assert_eq!(parameters, in_path, "{path}");
        let is_declared = |it: &Value| {
            it["in"] == "path" && it["required"] == true && it["schema"]["type"] == "string"
        };
        assert!(
            operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .all(is_declared),
            "{path}"
        );
        assert!(
            operation["responses"]
                .as_object()
                .unwrap()
                .values()
                .all(|it| it["description"].is_string()),
            "{path}"
        );
    }
    assert!(
        !described["servers"][0]["url"]
            .as_str()
            .unwrap()
            .ends_with('/')
    );
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

const HEAD: [&str; 3] = ["format", "store", "generated_at"];

const PLUGIN: [&str; 24] = [
    "uid",
    "host",
    "id",
    "store",
    "display_name",
    "display_description",
    "author",
    "source",
    "module_name",
    "version",
    "released_at",
    "requires_python",
    "compatible",
    "license",
    "categories",
    "keywords",
    "homepage",
    "documentation",
    "repository",
    "issues",
    "lifecycle",
    "listed_at",
    "page",
    "api",
];

#[test]
fn keys_stand_in_the_order_that_was_promised() {
    let scratch = small();
    built(&scratch, None);
    let documents = [
        ("plugins.json", &["plugins"] as &[&str]),
        ("api/v1/index.json", &["plugins"]),
        ("api/v1/hosts.json", &["hosts"]),
        ("api/v1/health.json", &["status", "counts", "sources"]),
        ("api/v1/problems.json", &["problems"]),
        (
            "api/v1/changes.json",
            &["since", "added", "updated", "removed"],
        ),
        ("answers.json", &["answers", "ledger"]),
    ];
    for (path, own) in documents {
        let document = json(&scratch, path);
        assert_eq!(keys(&document), [&HEAD, own].concat(), "{path}");
        assert_eq!(keys(&document["store"]), ["id", "title", "url"], "{path}");
        assert_eq!(document["format"], 1);
    }
    let plugin = &PLUGIN;
    for entry in json(&scratch, "plugins.json")["plugins"]
        .as_array()
        .unwrap()
    {
        assert_eq!(keys(entry), plugin);
        assert_eq!(
            (keys(&entry["store"]), keys(&entry["source"])),
            (
                vec!["id", "title"],
                vec!["kind", "name", "url", "registry_url"]
            )
        );
    }
    let index = [
        "host",
        "id",
        "display_name",
        "display_description",
        "author",
        "version",
        "released_at",
        "lifecycle",
        "page",
    ];
    for entry in json(&scratch, "api/v1/index.json")["plugins"]
        .as_array()
        .unwrap()
    {
        assert_eq!(keys(entry), index);
    }
    let detail = json(&scratch, "api/v1/plugins/harbour/charts.json");
    let of_plugin: Vec<&str> = plugin
        .iter()
        .copied()
        .filter(|key| *key != "store")
        .collect();
    let shown = [
        "changed_at",
        "history",
        "category_titles",
        "license_name",
        "install",
        "links",
        "icon",
        "screenshots",
        "details",
    ];
    let more = [
        "status",
        "status_reason",
        "attestation",
        "releases",
        "dependencies",
        "vulnerabilities",
        "facts",
        "problems",
        "readme",
    ];
    assert_eq!(
        keys(&detail),
        [&HEAD[..], &of_plugin, &shown, &more].concat()
    );
    let release = [
        "version",
        "released_at",
        "yanked",
        "yanked_reason",
        "prerelease",
        "requires_python",
        "compatible",
        "attested",
        "files",
    ];
    assert_eq!(keys(&detail["releases"][0]), release);
    assert_eq!(
        keys(&detail["releases"][0]["files"][0]),
        ["name", "kind", "size", "sha256"]
    );
    assert_eq!(keys(&detail["facts"]["license"]), ["from", "checked_at"]);
    let versions: Vec<&str> = detail["releases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["version"].as_str().unwrap())
        .collect();
    assert_eq!(versions, ["1.11", "1.10", "1.9"]);
    assert_eq!(
        keys(&json(&scratch, "api/v1/problems.json")["problems"][0]),
        ["host", "id", "code", "severity", "message", "since"]
    );
    assert_eq!(
        keys(&json(&scratch, "api/v1/changes.json")["updated"][0]),
        ["host", "id", "from", "to"]
    );
    assert_eq!(
        keys(&json(&scratch, "api/v1/changes.json")["removed"][0]),
        ["host", "id", "reason"]
    );
    let source = [
        "registry",
        "asked",
        "answered",
        "from_cache",
        "oldest_answer_at",
    ];
    assert_eq!(
        keys(&json(&scratch, "api/v1/health.json")["sources"][0]),
        source
    );
}

#[test]
fn lists_are_sorted_by_host_then_id_and_stand_one_a_line() {
    let scratch = small();
    built(&scratch, None);
    for path in ["plugins.json", "api/v1/index.json"] {
        let text = text(&scratch, path);
        let document: Value = serde_json::from_str(&text).unwrap();
        let plugins = document["plugins"].as_array().unwrap();
        let of = |it: &Value| {
            (
                it["host"].as_str().unwrap().to_owned(),
                it["id"].as_str().unwrap().to_owned(),
            )
        };
        assert!(plugins.is_sorted_by_key(of));
        assert_eq!(
            text.lines().filter(|line| line.starts_with("{\"")).count(),
            plugins.len() + 1,
            "{path}"
        );
        assert_eq!(plugins.len(), 8);
    }
}

#[test]
fn a_tombstone_is_listed_nowhere_and_still_has_its_address() {
    let scratch = small();
    built(&scratch, None);
    for path in [
        "plugins.json",
        "api/v1/index.json",
        "sitemap.xml",
        "index.html",
        "harbour/index.html",
    ] {
        assert!(!text(&scratch, path).contains("sunk"), "{path}");
    }
    assert_eq!(
        json(&scratch, "api/v1/plugins/harbour/sunk.json")["lifecycle"]["state"],
        "withdrawn"
    );
    assert!(
        scratch
            .path()
            .join("dist/harbour/sunk/index.html")
            .is_file()
    );
}

/// Makes every published schema stricter in one place, as if the program had written one disallowed
/// key.
#[test]
fn a_document_that_would_break_its_schema_is_not_published_nor_anything_else() {
    let stricter: BTreeMap<&str, &str> = BTreeMap::from([
        ("api-plugins", "/$defs/plugin/properties"),
        ("api-index", "/$defs/plugin/properties"),
        ("api-plugin", "/properties"),
        ("api-hosts", "/properties"),
        ("api-health", "/properties"),
        ("api-problems", "/properties"),
        ("api-changes", "/properties"),
        ("api-answers", "/properties"),
        ("fiab-document", "/properties"),
    ]);
    let scratch = Scratch::base();
    built(&scratch, None);
    let before = tree(&scratch.path().join("dist"));
    let past = fs::read(scratch.path().join("answers/ledger.json")).unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for (name, place) in stricter {
        let path = format!("schema/{name}.schema.json");
        let mut schema: Value =
            serde_json::from_str(&fs::read_to_string(repository.join(&path)).unwrap()).unwrap();
        let properties = schema.pointer_mut(place).unwrap().as_object_mut().unwrap();
        let key = properties.keys().next_back().unwrap().clone();
        properties.remove(&key);
        scratch.write(&path, &schema.to_string());
        let run = ended(&mut program(&scratch, &["build", "--offline"]));
        assert_eq!(run.exit, 2, "{name}: {}", run.stderr);
        assert!(
            run.stderr.contains("would break") && run.stderr.contains("nothing was published"),
            "{name}: {}",
            run.stderr
        );
        assert_eq!(tree(&scratch.path().join("dist")), before, "{name}");
        assert_eq!(
            fs::read(scratch.path().join("answers/ledger.json")).unwrap(),
            past
        );
        fs::remove_file(scratch.path().join(&path)).unwrap();
    }
    built(&scratch, None);
    assert_eq!(tree(&scratch.path().join("dist")), before);
}
