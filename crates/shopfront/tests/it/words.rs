//! Tests of interface texts: templates contain none, every language has all of them, and a store
//! can override each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shopfront_site::language::plural_rules;
use shopfront_site::render::Templates;

use crate::golden;
use crate::scratch::Scratch;
use crate::support::{build, built, text, tree};

/// Returns the compiled-in templates with this extension.
fn templates(ending: &str) -> Vec<(&'static str, &'static str)> {
    shopfront_site::embedded::TEMPLATES
        .iter()
        .copied()
        .filter(|(name, _)| name.ends_with(ending))
        .collect()
}

/// Returns the message catalogue for `tag`.
fn words(tag: &str) -> Value {
    let name = format!("words/{tag}.json");
    let text = shopfront_site::embedded::TEMPLATES
        .iter()
        .find(|(it, _)| *it == name)
        .unwrap()
        .1;
    serde_json::from_str(text).unwrap()
}

/// Returns the text without everything between `open` and `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once(open) {
        kept.push_str(before);
        kept.push(' ');
        rest = behind
            .split_once(close)
            .unwrap_or_else(|| panic!("`{open}` without its `{close}`"))
            .1;
    }
    kept + rest
}

/// Texts in templates that are the same in every language: file names, and the format of versions.
const NO_WORDS: &[(&str, &str)] = &[
    ("404.html", "404"),
    ("about.html", "OpenAPI"),
    ("about.html", "plugins.json"),
    ("base.html", "OpenAPI"),
    ("base.html", "plugins.json"),
    ("embed.html", "HTML"),
    ("embed.html", "JSON"),
    ("embed.html", "Markdown"),
    ("embed.html", "badge.json"),
    ("embed.html", "badge.svg)]("),
    ("plugin.html", ".x"),
    ("plugin.html", "sha256:"),
];

#[test]
fn templates_have_no_words_of_their_own() {
    let mut wrong = Vec::new();
    for (name, text) in templates(".html") {
        let mut bare = without(&without(&without(text, "{#", "#}"), "{%", "%}"), "{{", "}}");
        for attribute in ["alt", "title", "aria-label", "placeholder", "label"] {
            for value in bare
                .split(&format!(" {attribute}=\""))
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap())
            {
                if value.chars().any(char::is_alphabetic) {
                    wrong.push(format!("{name}: {attribute}=\"{value}\""));
                }
            }
        }
        bare = without(&bare, "<", ">");
        let is_word = |word: &&str| {
            word.chars().any(char::is_alphabetic) && !NO_WORDS.contains(&(name, word))
        };
        wrong.extend(
            bare.split_whitespace()
                .filter(is_word)
                .map(|word| format!("{name}: {word}")),
        );
    }
    assert!(
        wrong.is_empty(),
        "put these into site-template/words/*.json:\n{}",
        wrong.join("\n")
    );
}

/// Screen readers would read tags in an attribute aloud.
#[test]
fn no_attribute_is_given_elements() {
    let mut wrong = Vec::new();
    for (name, text) in templates(".html") {
        for value in text
            .split("=\"{{")
            .skip(1)
            .filter_map(|rest| rest.split("}}").next())
        {
            if value.contains("|bdi") || value.contains("words.time") {
                wrong.push(format!("{name}: {{{{{value}}}}}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "give the message a plain text here:\n{}",
        wrong.join("\n")
    );
}

/// Returns the names after `start` in `text`, up to the first other character.
fn names_behind<'t>(text: &'t str, start: &str) -> impl Iterator<Item = &'t str> {
    let is_part = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
    let names: Vec<&str> = text
        .split(start)
        .skip(1)
        .map(|rest| rest.split(|it| !is_part(it)).next().unwrap())
        .collect();
    names.into_iter().filter(|name| !name.is_empty())
}

#[test]
fn every_message_that_is_asked_for_is_there_and_every_one_is_asked_for() {
    let english = words("en");
    let keys: BTreeSet<&str> = english["page"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let formats = BTreeSet::from(["date", "month", "number", "size", "time"]);
    let mut asked = BTreeSet::new();
    let mut beginnings = BTreeSet::new();
    for (_, text) in templates(".html") {
        asked.extend(names_behind(text, " words.").filter(|name| !formats.contains(name)));
        asked.extend(names_behind(text, "(words.").filter(|name| !formats.contains(name)));
        beginnings.extend(names_behind(text, "words[\""));
    }
    let missing: Vec<_> = asked.difference(&keys).collect();
    assert!(missing.is_empty(), "no such message: {missing:?}");
    let rooms = ["../shopfront-site/src"];
    let sources: String = rooms
        .iter()
        .flat_map(|room| walkdir::WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join(room)))
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| fs::read_to_string(entry.path()).unwrap())
        .collect();
    beginnings.extend(names_behind(&sources, "format!(\""));
    let is_used = |key: &str| {
        asked.contains(key)
            || beginnings
                .iter()
                .any(|it| it.ends_with('_') && key.starts_with(it))
            || sources.contains(&format!("\"{key}\""))
    };
    let unused: Vec<_> = keys.iter().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "nobody says: {unused:?}");
    let scripts: String = templates(".js").iter().map(|(_, text)| *text).collect();
    let for_scripts: BTreeSet<&str> = english["script"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let said: BTreeSet<&str> = names_behind(&scripts, "say(\"").collect();
    let missing: Vec<_> = said.difference(&for_scripts).collect();
    assert!(
        missing.is_empty(),
        "no such message for scripts: {missing:?}"
    );
    // `say(`sort_${it}`)`, and names that occur literally elsewhere.
    let beginnings: BTreeSet<&str> = names_behind(&scripts, "`")
        .filter(|it| it.ends_with('_'))
        .collect();
    let is_said = |key: &str| {
        said.contains(key)
            || beginnings.iter().any(|it| key.starts_with(it))
            || scripts.contains(&format!("\"{key}\""))
    };
    let unused: Vec<_> = for_scripts.iter().filter(|key| !is_said(key)).collect();
    assert!(unused.is_empty(), "no script says: {unused:?}");
}

/// Change of a message catalogue, with the resulting error.
type Fault = (fn(&mut Value), &'static str);

#[test]
fn every_language_says_what_english_says_or_is_refused_with_a_list() {
    let compiled =
        shopfront_text::embedded::overlaid(shopfront_site::embedded::TEMPLATES, BTreeMap::new());
    assert!(Templates::new(std::slice::from_ref(&compiled)).is_ok());
    let fault = |change: fn(&mut Value)| {
        let mut german = words("de");
        change(&mut german);
        let mut files = compiled.clone();
        files.insert("words/de.json".to_owned(), german.to_string());
        Templates::new(&[files])
            .err()
            .map(|fault| fault.to_string())
            .unwrap_or_default()
    };
    let cases: [Fault; 8] = [
        (
            |it| drop(it["page"].as_object_mut().unwrap().remove("install")),
            "words/de.json does not say: page.install",
        ),
        (
            |it| it["page"]["installl"] = json!("?"),
            "words/de.json says what no page asks for: page.installl",
        ),
        (
            |it| it["page"]["by"] = json!("von"),
            "words/de.json does not say: page.by {author}",
        ),
        (
            |it| it["page"]["plugins"] = json!({"one": "eins"}),
            "words/de.json: `plugins` has no form `other`",
        ),
        (
            |it| it["page"]["plugins"] = json!({"other": "{count}", "lots": "viele"}),
            "words/de.json: `plugins` has the form `lots`, which is no plural category",
        ),
        (
            |it| it["script"]["found_count"] = json!({"few": "{count}", "other": "{count}"}),
            "words/de.json: `script.found_count` has no form `one`, which `de` has for 1",
        ),
        (
            |it| it["page"]["by"] = json!("von {author"),
            "words/de.json: `by` has a `{` without its `}`",
        ),
        (
            |it| it["direction"] = json!("down"),
            "words/de.json: `direction` is `down`, and can be `ltr` or `rtl`",
        ),
    ];
    for (change, message) in cases {
        assert!(
            fault(change).contains(message),
            "{message}: {}",
            fault(change)
        );
    }
}

/// Returns the base store with other settings.
fn store(settings: &Value) -> Scratch {
    let scratch = Scratch::base();
    let path = scratch.path().join("catalogue/store.json");
    let mut store: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    store
        .as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    fs::write(path, serde_json::to_string_pretty(&store).unwrap() + "\n").unwrap();
    scratch
}

#[test]
fn a_further_language_has_every_page_again_and_leads_to_its_own_pages() {
    let scratch = store(&json!({"languages": ["de"]}));
    built(&scratch, None);
    let files = tree(&scratch.path().join("dist"));
    let pages = |folder: &str| -> BTreeSet<String> {
        let html = files
            .keys()
            .filter(|path| path.ends_with(".html") && path.starts_with("de/") != folder.is_empty());
        html.map(|path| path.strip_prefix(folder).unwrap().to_owned())
            .collect()
    };
    assert_eq!(pages(""), pages("de/"));
    assert!(files.contains_key("assets/words-de.js") && files.contains_key("assets/words-en.js"));
    let page = text(&scratch, "de/fiab/ecmwf/index.html");
    for part in [
        "<html lang=\"de\" dir=\"ltr\">",
        "href=\"../../../assets/styles.css\"",
        "href=\"../../../fiab/ecmwf/\" lang=\"en\" hreflang=\"en\"",
        "<a href=\"../../fiab/\"",
        ">Installieren</h2>",
    ] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    let english = text(&scratch, "fiab/ecmwf/index.html");
    assert!(
        english.contains("href=\"../../de/fiab/ecmwf/\" lang=\"de\" hreflang=\"de\""),
        "{english}"
    );
    // The store's own texts stay in its own language.
    assert!(
        text(&scratch, "de/index.html").contains("<p class=\"lead\" dir=\"auto\" lang=\"en\">")
    );
    assert!(text(&scratch, "index.html").contains("<p class=\"lead\" dir=\"auto\">"));
    let sitemap = text(&scratch, "sitemap.xml");
    for part in [
        "hreflang=\"de\"",
        "hreflang=\"x-default\"",
        "/docs/authors/</loc>",
        "/errors/blank-text/</loc>",
    ] {
        assert!(sitemap.contains(part), "{part} is not in\n{sitemap}");
    }
    for page in [&page, &english] {
        for tag in ["en", "de", "x-default"] {
            assert!(
                page.contains(&format!(
                    "<link rel=\"alternate\" hreflang=\"{tag}\" href=\"https://"
                )),
                "{tag}"
            );
        }
    }
}

#[test]
fn a_store_in_one_language_says_nothing_of_others() {
    let scratch = store(&json!({"language": "de-AT"}));
    built(&scratch, None);
    let page = text(&scratch, "index.html");
    assert!(
        page.contains("<html lang=\"de-AT\" dir=\"ltr\">") && page.contains("Anwendung wählen"),
        "{page}"
    );
    assert!(!page.contains("hreflang"), "{page}");
    assert!(text(&scratch, "assets/words-de-AT.js").contains("Kopieren"));
    let feed = text(&scratch, "fiab/ecmwf/feed.xml");
    assert!(
        feed.contains("xml:lang=\"de-AT\"")
            && feed.contains(" steht jetzt in ")
            && !feed.contains(" is listed in "),
        "{feed}"
    );
}

#[test]
fn a_store_changes_one_word_and_one_template_and_keeps_the_others() {
    let scratch = store(&json!({}));
    scratch.write(
        "catalogue/site/words/en.json",
        r#"{"page": {"choose_host": "Pick <one>"}}"#,
    );
    scratch.write(
        "catalogue/site/404.html",
        "{% extends \"base.html\" %}{% block main %}<p>{{ words.contact }}!</p>{% endblock %}",
    );
    built(&scratch, None);
    let page = text(&scratch, "index.html");
    assert!(
        page.contains("Pick &lt;one&gt;") && page.contains("Skip to the content"),
        "{page}"
    );
    let missing = text(&scratch, "404.html");
    assert!(
        missing.contains("<p>Contact!</p>") && missing.contains("Skip to the content"),
        "{missing}"
    );
}

#[test]
fn a_language_without_words_is_refused_with_the_cure() {
    let scratch = store(&json!({"language": "eo"}));
    let fault = build(&scratch, None).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "there are no words for the language `eo`"
    );
    assert_eq!(
        fault.cure(),
        Some(
            "there are words in de, en; write `catalogue/site/words/eo.json` for another language"
        )
    );
    let mut own = words("en");
    own["direction"] = json!("rtl");
    own["page"]["choose_host"] = json!("Elektu programon");
    scratch.write("catalogue/site/words/eo.json", &own.to_string());
    built(&scratch, None);
    let page = text(&scratch, "index.html");
    assert!(
        page.contains("<html lang=\"eo\" dir=\"rtl\">") && page.contains("Elektu programon"),
        "{page}"
    );
}

/// Returns the English messages with the plural forms of `language`, each beginning with its name.
fn counted_in(language: &str, forms: &[&str]) -> Scratch {
    let mut own = words("en");
    for part in ["page", "script"] {
        for message in own[part]
            .as_object_mut()
            .unwrap()
            .values_mut()
            .filter(|it| it.is_object())
        {
            let text = message["other"].as_str().unwrap().to_owned();
            *message = match forms {
                [] => json!(text),
                forms => forms
                    .iter()
                    .map(|form| ((*form).to_owned(), json!(format!("[{form}] {text}"))))
                    .collect(),
            };
        }
    }
    let scratch = store(&json!({"language": language}));
    scratch.write(
        &format!(
            "catalogue/site/words/{}.json",
            language.split('-').next().unwrap()
        ),
        &own.to_string(),
    );
    scratch
}

fn has_page_with(scratch: &Scratch, part: &str) -> bool {
    let files = tree(&scratch.path().join("dist"));
    files.iter().any(|(path, bytes)| {
        path.ends_with(".html") && String::from_utf8_lossy(bytes).contains(part)
    })
}

#[test]
fn pages_count_as_their_language_does() {
    for (language, forms, expected) in [
        ("hr", &["one", "few", "other"][..], "[few] 2 plugins"),
        ("sl", &["one", "two", "few", "other"], "[two] 2 plugins"),
        ("lv", &["zero", "one", "other"], "[other] 2 plugins"),
        (
            "ar",
            &["zero", "one", "two", "few", "many", "other"],
            "[two] 2 plugins",
        ),
        (
            "cy",
            &["zero", "one", "two", "few", "many", "other"],
            "[two] 2 plugins",
        ),
        ("ja", &["other"], "[other] 2 plugins"),
    ] {
        let scratch = counted_in(language, forms);
        built(&scratch, None);
        assert!(
            has_page_with(&scratch, expected),
            "{language}: no page has `{expected}`"
        );
    }
}

#[test]
fn a_language_that_is_not_written_in_its_forms_is_refused_with_what_is_missing() {
    for (language, forms, why) in [
        (
            "hr",
            &["one", "other"][..],
            "has no form `few`, which `hr` has for 2",
        ),
        (
            "pl-PL",
            &["one", "few", "other"],
            "has no form `many`, which `pl` has for 0",
        ),
        (
            "la",
            &["one", "other"],
            "has plural forms, and CLDR does not say how `la` counts",
        ),
    ] {
        let fault = build(&counted_in(language, forms), None).unwrap_err();
        assert!(fault.to_string().ends_with(why), "{fault}");
        assert!(fault.cure().is_some());
    }
    // One text for all counts needs no rule.
    let scratch = counted_in("la", &[]);
    built(&scratch, None);
    assert!(has_page_with(&scratch, "2 plugins"));
}

/// Both are Portuguese and use one file. 0 is singular in Brazil and plural in Portugal, in pages
/// and in scripts.
#[test]
fn a_region_counts_in_its_own_way() {
    let rules = |language: &str| {
        let scratch = counted_in(language, &["one", "other"]);
        built(&scratch, None);
        let script = text(&scratch, &format!("assets/words-{language}.js"));
        script.split_once("\"plurals\":").unwrap().1.to_owned()
    };
    assert!(rules("pt-BR").contains("[[\"one\",[[{\"modulo\":null,\"ranges\":[[0,1]]"));
    assert!(rules("pt-PT").contains("[[\"one\",[[{\"modulo\":null,\"ranges\":[[1,1]]"));
    assert_eq!(rules("pt-AO"), rules("pt-PT"));
}

/// Writes the plural rules of scripts for their own tests, which cover every language of CLDR.
#[test]
fn scripts_get_the_rules_that_their_tests_count_by() {
    let cldr: Value = serde_json::from_str(include_str!(
        "../../../shopfront-site/src/language/cldr/plurals.json"
    ))
    .unwrap();
    let languages = cldr["supplemental"]["plurals-type-cardinal"]
        .as_object()
        .unwrap();
    let mut by_rules: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for tag in languages.keys().filter(|tag| *tag != "und") {
        by_rules
            .entry(plural_rules(tag).unwrap().to_string())
            .or_default()
            .push(tag);
    }
    let lines: Vec<String> = by_rules
        .iter()
        .map(|(rules, tags)| {
            format!(
                "  {}",
                json!({ "languages": tags, "rules": serde_json::from_str::<Value>(rules).unwrap() })
            )
        })
        .collect();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../site-template/tests/plurals.json");
    golden::assert_none(&Vec::from_iter(golden::difference(
        &path,
        &format!("[\n{}\n]\n", lines.join(",\n")),
    )));
}
