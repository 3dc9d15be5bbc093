//! Tests of `<host>/plugins.json` of kind `fiab`: exactly the format that released backends accept,
//! for all snippets and registry answers. One additional key, one null or one number, and such a
//! backend refuses every store of its installation.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use shopfront_model::answers::{
    Answer, File, FileKind, NewestFacts, Project, ProjectKey, Release, State,
};

use crate::scratch::Scratch;
use crate::support::{built, json as published, text};

/// Linear congruential generator with the same numbers on every machine (Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

const TEXTS: [&str; 12] = [
    "Plain words",
    "Ünïcode — “quotes” and … dots",
    "天気予報 🌦️ 👩‍🚀",
    "a < b & c > d",
    "it's \"quoted\" \\ back/slash",
    "'; DROP TABLE plugins; --",
    "{{ 7 * 7 }} {% raw %} ${x} %s",
    "null",
    "e\u{301}\u{327} combining",
    "العربية",
    "\u{1f30a}\u{fffd}",
    "42",
];

fn snippet(dice: &mut Dice, name: &str) -> Value {
    let mut body = Map::new();
    let mut add = |key: &str, value: Value| body.insert(key.to_owned(), value);
    let mut maybe: Vec<(&str, Value)> = vec![
        ("homepage", json!("https://plugin.example/?a=1&b=%C3%A9#x")),
        ("documentation", json!("https://docs.example/")),
        ("repository", json!("https://git.example/a/b")),
        ("issues", json!("https://git.example/a/b/issues")),
        ("license", json!("MIT OR Apache-2.0")),
        ("categories", json!(["source", "sink"])),
        ("keywords", json!(["grib", dice.pick(&TEXTS)])),
        ("maintainers", json!(["octo-example"])),
        (
            "lifecycle",
            json!({"state": "adoptable", "reason": dice.pick(&TEXTS), "evidence": "https://git.example/a/b/issues/1"}),
        ),
        ("formerly", json!([format!("old-{name}")])),
        (
            "comment",
            json!(format!(
                "for maintainers: {}\nsecond line",
                dice.pick(&TEXTS)
            )),
        ),
    ];
    add("$schema", json!("../../schema/plugin-fiab.schema.json"));
    for key in ["display_name", "display_description", "author"] {
        add(
            key,
            json!(format!("{} {}", dice.pick(&TEXTS), dice.pick(&TEXTS))),
        );
    }
    add("source", json!({ "pypi": format!("fiab-plugin-{name}") }));
    add(
        "module_name",
        json!(format!("fiab_plugin_{}", name.replace(['.', '-'], "_"))),
    );
    while !maybe.is_empty() {
        let (key, value) = maybe.remove(dice.roll(maybe.len()));
        if dice.roll(3) > 0 {
            add(key, value);
        }
    }
    Value::Object(body)
}

fn release(version: &str, kind: FileKind, yanked: bool) -> Release {
    Release {
        version: version.to_owned(),
        released_at: None,
        yanked,
        yanked_reason: yanked.then(|| "null".to_owned()),
        requires_python: None,
        attested: None,
        prerelease: None,
        requires: BTreeMap::new(),
        contents: None,
        files: vec![File {
            name: format!("x-{version}"),
            kind,
            size: None,
            sha256: None,
            integrity: None,
            address: None,
        }],
    }
}

fn save(scratch: &Scratch, name: &str, state: State, releases: Vec<Release>) {
    let key = ProjectKey::pypi(name);
    let project = Project {
        name: name.to_owned(),
        status: None,
        status_reason: None,
        attestations: Vec::new(),
        newest: NewestFacts::default(),
        releases,
    };
    let answer = Answer {
        registry_url: None,
        format: 1,
        registry: "pypi".to_owned(),
        name: name.to_owned(),
        state,
        checked_at: "2026-11-20T12:00:00Z".parse().unwrap(),
        trouble: None,
        validators: None,
        simple_page: None,
        project: Some(project),
    };
    scratch.workspace().answers_dir.save(&key, &answer).unwrap();
}

/// Returns problems unless `value` has exactly these keys, each with a text.
fn faults_of_keys(place: &str, value: &Value, keys: &[&str]) -> Vec<String> {
    let found: Vec<&str> = value
        .as_object()
        .map(|it| it.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let is_no_text = |(key, value): &(&String, &Value)| {
        *key != "plugins" && value.as_str().is_none_or(str::is_empty)
    };
    let empty = value.as_object().into_iter().flatten().filter(is_no_text);
    let mut faults: Vec<String> = empty
        .map(|(key, value)| format!("{place}.{key}: {value}"))
        .collect();
    if found != keys {
        faults.push(format!("{place}: {found:?}"));
    }
    faults
}

/// Validates a document against the contract, without the project's own schemas.
fn faults(document: &Value) -> Vec<String> {
    let mut faults = faults_of_keys("top", document, &["display_name", "plugins"]);
    for (id, entry) in document["plugins"].as_object().into_iter().flatten() {
        let keys = [
            "pip_source",
            "module_name",
            "display_title",
            "display_description",
            "display_author",
        ];
        faults.extend(faults_of_keys(id, entry, &keys));
        let is_plain = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'_' | b'-')
        };
        if !id.bytes().all(is_plain) || id.len() > 64 || id.contains("--") || id.contains("__") {
            faults.push(format!("the id {id}"));
        }
        let normal = |key: &str| {
            entry[key]
                .as_str()
                .unwrap_or_default()
                .replace(['_', '.'], "-")
                .to_lowercase()
        };
        if normal("pip_source") != normal("module_name") {
            faults.push(format!(
                "{id}: {} is not {}",
                entry["pip_source"], entry["module_name"]
            ));
        }
    }
    faults
}

#[test]
fn whatever_snippets_contain_the_document_has_exactly_the_keys_of_the_contract() {
    let scratch = Scratch::base();
    let mut dice = Dice(2026);
    for number in 0..60 {
        let name = format!("p{number}{}", dice.pick(&["", "-x", ".y", "_z", "-a.b_c"]));
        let text = serde_json::to_string_pretty(&snippet(&mut dice, &name)).unwrap() + "\n";
        scratch.write(&format!("catalogue/fiab/{name}.json"), &text);
        save(
            &scratch,
            &format!("fiab-plugin-{name}"),
            State::Found,
            vec![release("6.0.0", FileKind::Wheel, false)],
        );
    }
    built(&scratch, None);
    let document = published(&scratch, "fiab/plugins.json");
    assert_eq!(faults(&document), Vec::<String>::new());
    assert_eq!(document["plugins"].as_object().unwrap().len(), 61);
    assert_eq!(document["display_name"], "Example plugin store");
    let text = text(&scratch, "fiab/plugins.json");
    assert!(
        text.starts_with("{\n  \"display_name\"")
            && text.ends_with("}\n")
            && !text.contains("for maintainers")
    );
    // Texts of people arrive unchanged.
    let entry = &document["plugins"]["ecmwf"];
    assert_eq!(
        *entry,
        json!({
            "pip_source": "fiab-plugin-ecmwf",
            "module_name": "fiab_plugin_ecmwf",
            "display_title": "ECMWF forecasts",
            "display_description": "Sources, transforms and products for the forecasts of ECMWF.",
            "display_author": "ECMWF",
        })
    );
}

#[test]
fn only_what_a_backend_can_install_is_in_the_document() {
    let scratch = Scratch::base();
    let cases: [(&str, State, Vec<Release>); 7] = [
        (
            "good",
            State::Found,
            vec![release("5.0.0", FileKind::Wheel, false)],
        ),
        (
            "gone",
            State::Gone,
            vec![release("6.0.0", FileKind::Wheel, false)],
        ),
        (
            "no-wheel",
            State::Found,
            vec![release("6.0.0", FileKind::Sdist, false)],
        ),
        (
            "yanked",
            State::Found,
            vec![release("6.0.0", FileKind::Wheel, true)],
        ),
        (
            "prerelease",
            State::Found,
            vec![release("6.0.0rc1", FileKind::Wheel, false)],
        ),
        (
            "other-major",
            State::Found,
            vec![release("99.0.0", FileKind::Wheel, false)],
        ),
        ("empty", State::Found, Vec::new()),
    ];
    for (name, state, releases) in cases {
        let body = json!({
            "display_name": format!("The {name} one"),
            "display_description": "A plugin.",
            "author": "Rosa Lind",
            "source": {"pypi": format!("fiab-plugin-{name}")},
            "module_name": format!("fiab_plugin_{}", name.replace('-', "_")),
        });
        scratch.write(
            &format!("catalogue/fiab/{name}.json"),
            &(serde_json::to_string_pretty(&body).unwrap() + "\n"),
        );
        save(&scratch, &format!("fiab-plugin-{name}"), state, releases);
    }
    built(&scratch, None);
    let document = published(&scratch, "fiab/plugins.json");
    let ids: Vec<&String> = document["plugins"].as_object().unwrap().keys().collect();
    assert_eq!(ids, ["ecmwf", "good"]);
    assert_eq!(faults(&document), Vec::<String>::new());
}

#[test]
fn a_store_without_plugins_is_a_document_all_the_same() {
    let scratch = Scratch::base();
    std::fs::remove_file(scratch.path().join("catalogue/fiab/ecmwf.json")).unwrap();
    built(&scratch, None);
    assert_eq!(
        published(&scratch, "fiab/plugins.json"),
        json!({"display_name": "Example plugin store", "plugins": {}})
    );
}

#[test]
fn every_way_to_break_the_contract_is_refused_before_anything_is_written() {
    let scratch = Scratch::base();
    let schemas = scratch.workspace().schemas;
    let schema = schemas.get("fiab-document.schema.json").unwrap();
    built(&scratch, None);
    let good = published(&scratch, "fiab/plugins.json");
    schema.assert("good", &good).unwrap();
    let mut bad: Vec<Value> = vec![
        json!([]),
        json!(null),
        json!({}),
        json!({"display_name": "x", "plugins": []}),
    ];
    let mut change = |change: &dyn Fn(&mut Value)| {
        let mut changed = good.clone();
        change(&mut changed);
        bad.push(changed);
    };
    for extra in ["$schema", "format", "comment", "remote", "generated_at"] {
        change(&|it| it[extra] = json!("x"));
        change(&|it| it["plugins"]["ecmwf"][extra] = json!("x"));
    }
    for key in [
        "pip_source",
        "module_name",
        "display_title",
        "display_description",
        "display_author",
    ] {
        for value in [
            json!(null),
            json!(6),
            json!(""),
            json!([]),
            json!({}),
            json!(true),
        ] {
            change(&|it| it["plugins"]["ecmwf"][key] = value.clone());
        }
        change(&|it| drop(it["plugins"]["ecmwf"].as_object_mut().unwrap().remove(key)));
    }
    for source in [
        "fiab-plugin[x]",
        "fiab-plugin==6",
        "git+https://git.example/x",
        "./x",
        "Fiab_Plugin",
        "-x",
        "x y",
        "x;y",
    ] {
        change(&|it| it["plugins"]["ecmwf"]["pip_source"] = json!(source));
    }
    for id in [
        "",
        "a:b",
        "a--b",
        "a/b",
        "a'b",
        "a__b",
        "A",
        "ä",
        "a\u{1}",
        &"a".repeat(65),
    ] {
        change(&|it| it["plugins"][id] = it["plugins"]["ecmwf"].clone());
    }
    change(&|it| it["display_name"] = json!(null));
    change(&|it| it["plugins"] = json!(null));
    change(&|it| it["plugins"]["ecmwf"] = json!(null));
    for document in &bad {
        let fault = schema
            .assert("fiab/plugins.json", document)
            .err()
            .unwrap_or_else(|| panic!("accepted: {document}"));
        assert!(
            fault
                .to_string()
                .starts_with("fiab/plugins.json would break fiab-document.schema.json: "),
            "{fault}"
        );
    }
}

#[test]
fn the_example_offers_its_plugins_without_asking_anybody() {
    let scratch = Scratch::empty();
    let example = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/fiab");
    for part in ["catalogue", "answers"] {
        scratch.overlay_at(&example.join(part), part);
    }
    crate::support::built(&scratch, None);
    let document = crate::support::json(&scratch, "fiab/plugins.json");
    assert_eq!(
        document["plugins"]
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["demo", "ecmwf-base"]
    );
}
