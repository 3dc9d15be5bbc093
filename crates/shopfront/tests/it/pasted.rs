//! Tests of texts that people paste as project names: `fixtures/pasted/<registry>.txt` contains
//! texts, and `<registry>.expected` the results.

use std::fs;

use serde_json::{Value, json};
use shopfront::commands::check::{self, Options};
use shopfront::report::{Format, Links};
use shopfront_model::pasted;
use shopfront_registry as registry;

use crate::golden;
use crate::scratch::{Scratch, fixtures};
use crate::support::LOOK;

const REGISTRIES: &[&str] = &["github", "npm", "pypi"];

/// Returns the texts of a file, with `index.example` and `npm.example` replaced by the servers of
/// the public registries' pages.
fn texts(registry: &str) -> Vec<String> {
    let path = fixtures().join("pasted").join(format!("{registry}.txt"));
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| {
            line.replace("index.example", &host_of("pypi"))
                .replace("npm.example", &host_of("npm"))
        })
        .collect()
}

/// Returns the server of the public pages of `registry`, without `www.`.
fn host_of(registry: &str) -> String {
    let page = registry::find(registry).unwrap().page("");
    page.split('/')
        .nth(2)
        .unwrap()
        .trim_start_matches("www.")
        .to_owned()
}

#[test]
fn of_a_pasted_text_only_its_form_is_certain_and_every_reading_is_offered() {
    let mut differences = Vec::new();
    for name in REGISTRIES {
        let registry = registry::find(name).unwrap();
        let mut told = String::new();
        for text in texts(name) {
            let readings = pasted::read(registry, &text);
            let certain = readings
                .certain
                .map(|name| format!("  is certainly {name}\n"));
            let offered = || match readings.possible.as_slice() {
                [] => "  names nothing\n".to_owned(),
                names => format!("  may be {}\n", names.join(", ")),
            };
            told.push_str(&format!("{text}\n{}", certain.unwrap_or_else(offered)));
        }
        let told = told
            .replace(&host_of("pypi"), "index.example")
            .replace(&host_of("npm"), "npm.example");
        differences.extend(golden::difference(
            &fixtures().join("pasted").join(format!("{name}.expected")),
            &told,
        ));
    }
    golden::assert_none(&differences);
}

/// Returns the path of a snippet for each registry, and the snippet with the text as its project
/// name.
fn snippet(registry: &str, text: &str) -> (&'static str, Value) {
    let of_host = |host: &'static str, more: Value| {
        let mut snippet = json!({
            "display_name": "Tides", "display_description": "Shows the tides.", "author": "Mira", "source": { registry: text }, "license": "MIT",
        });
        snippet
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        (host, snippet)
    };
    match registry {
        "npm" => of_host("node-red", json!({})),
        "github" => of_host("oko", json!({})),
        _ => of_host("datasette", json!({ "module_name": "tides" })),
    }
}

#[test]
fn no_fix_lists_another_project_than_the_one_that_is_certain() {
    let mut wrong = Vec::new();
    for name in REGISTRIES {
        let registry = registry::find(name).unwrap();
        for text in texts(name) {
            let scratch = Scratch::base();
            let (host, snippet) = snippet(name, &text);
            let settings = json!({ "kind": host, "title": "Host", "description": "Plugins for it.", "versions": ["1.0.0"] });
            if host != "datasette" {
                scratch.write(
                    &format!("catalogue/{host}/host.json"),
                    &format!("{settings:#}\n"),
                );
            }
            let path = format!("catalogue/{host}/tides.json");
            scratch.write(&path, &format!("{snippet:#}\n"));
            let options = Options {
                paths: Vec::new(),
                since: None,
                asking: None,
                format: Format::Json,
                look: LOOK,
                links: Links::default(),
            };
            check::mend(&scratch.workspace(), &options).unwrap();
            let after: Value =
                serde_json::from_str(&fs::read_to_string(scratch.path().join(&path)).unwrap())
                    .unwrap();
            let now = registry.normal_name(after["source"][name].as_str().unwrap());
            let certain = pasted::read(registry, &text).certain;
            if now != registry.normal_name(&text)
                && now != registry.normal_name(text.trim())
                && Some(&now) != certain.as_ref()
            {
                wrong.push(format!("{name}: `{text}` became `{now}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
