//! Tests of untrusted text on a terminal and in the log of a workflow: it is shown, not executed,
//! and bounded.

use crate::cli::{run, snippet};
use crate::scratch::Scratch;

/// Returns a store whose contributor attacks the workflow or the terminal that shows the report.
fn hostile() -> Scratch {
    let scratch = Scratch::base();
    let write =
        |name: &str, text: &str| scratch.write(&format!("catalogue/datasette/{name}"), text);
    write("a\n::error file=x,line=1::told by a name %0A.json", "{}\n");
    write("b\u{1b}[2Jcleared\r::stop-commands::x.json", "{}\n");
    write(
        "licence.json",
        &snippet(
            "datasette-one",
            "\"license\": \"MIT\\n::warning::told\\r%0A::add-mask::by a value\",\n  ",
        ),
    );
    write(
        "field.json",
        &snippet(
            "datasette-two",
            "\"home\\n::set-output name=x::y\\u001b[2J\": 1,\n  ",
        ),
    );
    write(
        "value.json",
        &snippet(
            "datasette-three",
            "\"lifecycle\": {\n    \"state\": \"x\\n::error::told\"\n  },\n  ",
        ),
    );
    write(
        "text.json",
        "{\"x\": 1 }\n::error::told by the bytes \u{1b}[2J\n",
    );
    write(
        "turned.json",
        &snippet("datasette-four", "\"home\u{9b}2J\u{202e}emoh\": 1,\n  "),
    );
    scratch
}

#[test]
fn annotations_for_github_are_one_line_each_whatever_strangers_write() {
    let ran = run(hostile().path(), &["check", "--format", "github"]);
    assert_eq!(ran.code, 1);
    let mut titles = Vec::new();
    for line in ran.stdout.lines() {
        let rest = line
            .strip_prefix("::error ")
            .or_else(|| line.strip_prefix("::warning "))
            .unwrap_or_else(|| panic!("not ours: {line}"));
        let (properties, message) = rest.split_once("::").unwrap();
        let names: Vec<&str> = properties
            .split(',')
            .map(|property| property.split_once('=').unwrap().0)
            .collect();
        assert_eq!(
            names,
            ["file", "line", "endLine", "col", "endColumn", "title"],
            "{line}"
        );
        assert!(!line.contains('\r'), "{line}");
        for (at, _) in line.match_indices('%') {
            let code = &line[at..at + 3];
            assert!(
                ["%25", "%0A", "%0D", "%3A", "%2C"].contains(&code),
                "{code} in {line}"
            );
        }
        assert!(!message.is_empty());
        titles.push(properties.rsplit_once('=').unwrap().1.to_owned());
    }
    titles.sort();
    let expected = [
        "bad-file-name",
        "bad-file-name",
        "not-json",
        "unknown-field",
        "unknown-field",
        "unknown-license",
        "unknown-value",
    ];
    assert_eq!(titles, expected, "{}", ran.stdout);
}

#[test]
fn no_report_lets_a_stranger_begin_a_line_or_move_the_cursor() {
    let scratch = hostile();
    for format in ["human", "github", "json", "sarif", "markdown"] {
        let ran = run(scratch.path(), &["check", "--format", format]);
        for line in ran.stdout.lines().chain(ran.stderr.lines()) {
            let begins_a_command = line.trim_start().starts_with("::") && format != "github";
            let is_place = line.trim_start().starts_with("::: catalogue/");
            assert!(!begins_a_command || is_place, "{format}: {line}");
            // The program's own word joiner separates text that Markdown programs would execute.
            let hidden = shopfront_text::hidden(line)
                .find(|it| format != "markdown" || it.character != '\u{2060}');
            assert_eq!(hidden, None, "{format}: {line:?}");
        }
    }
}

#[test]
fn no_error_lets_a_stranger_begin_a_line_or_move_the_cursor() {
    let scratch = Scratch::base();
    scratch.write("a\n::error::told\u{1b}[2J\u{202e}.whl", "no wheel");
    let ran = run(
        scratch.path(),
        &["inspect", "a\n::error::told\u{1b}[2J\u{202e}.whl"],
    );
    assert_ne!(ran.code, 0);
    for line in ran.stdout.lines().chain(ran.stderr.lines()) {
        assert!(
            !line.starts_with("::") && shopfront_text::hidden(line).next().is_none(),
            "{line:?}"
        );
    }
    let ran = run(
        scratch.path(),
        &["inspect", "b\n::error::told\u{1b}[2J.txt"],
    );
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for line in ran.stderr.lines() {
        assert!(
            !line.starts_with("::") && shopfront_text::hidden(line).next().is_none(),
            "{line:?}"
        );
    }
}

/// A generated file may have the same problem ten thousand times.
#[test]
fn of_a_file_with_thousands_of_faults_a_hundred_are_told_and_the_rest_counted() {
    let scratch = Scratch::base();
    let repeated: String = (0..3_000).map(|_| "\"a\": 1,\n").collect();
    let unknown: String = (0..3_000)
        .map(|number| format!("\"a{number}\": 1,\n"))
        .collect();
    scratch.write(
        "catalogue/datasette/repeated.json",
        &format!("{{\n{repeated}\"b\": 1\n}}\n"),
    );
    scratch.write(
        "catalogue/datasette/unknown.json",
        &format!("{{\n{unknown}\"b\": 1\n}}\n"),
    );
    let ran = run(scratch.path(), &["check", "--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    for (file, code, more) in [
        ("repeated", "duplicate-key", "2899 more"),
        ("unknown", "unknown-field", "more like it"),
    ] {
        let of_file: Vec<&serde_json::Value> = told
            .as_array()
            .unwrap()
            .iter()
            .filter(|it| it["path"] == format!("catalogue/datasette/{file}.json"))
            .collect();
        assert_eq!(of_file.len(), 100, "{file}");
        assert!(of_file.iter().any(|it| it["code"] == code), "{file}");
        assert!(
            of_file
                .iter()
                .any(|it| it["help"].as_str().is_some_and(|help| help.contains(more))),
            "{file}"
        );
    }
}
