//! Tests that no untrusted text is a command for a workflow runner: for every command of the
//! program, every stream, and every format.

use std::fs;
use std::process::Command;

use serde_json::Value;
use shopfront_text::workflow_commands::{Syntax, escape_commands};

use crate::cli::{Ran, run, snippet};
use crate::scratch::Scratch;
use crate::workflows::log::commands;

/// Texts that a runner would execute: in both syntaxes, quoted, and almost valid.
const TRICKS: [&str; 9] = [
    "##[set-output name=path;]catalogue/site/words/en.json",
    "###[add-mask]a",
    "##[warning]##[stop-commands]word",
    "::set-output name=path::x",
    "\u{2003}::stop-commands::word",
    "##vso[task.setvariable variable=path]x",
    "##teamcity[setParameter name='path' value='x']",
    "a ::error::b",
    "\u{feff}::add-mask::a",
];

/// Pseudorandom small numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// Returns texts of fragments that form commands when combined.
fn texts() -> impl Iterator<Item = String> {
    const PIECES: [&str; 19] = [
        "\u{feff}",
        "#",
        "##",
        "[",
        "##[",
        ":",
        "::",
        "error",
        "set-output name=a",
        "]",
        "::",
        "\n",
        "\r",
        " ",
        "\u{a0}",
        "\u{2028}",
        "vso",
        "ü",
        "\\",
    ];
    let mut dice = Dice(1);
    (0..20_000).map(move |_| {
        (0..dice.below(14))
            .map(|_| PIECES[dice.below(PIECES.len())])
            .collect()
    })
}

#[test]
fn an_escaped_text_holds_no_command_and_all_else_stays_where_it_was() {
    for text in texts().chain(TRICKS.map(str::to_owned)) {
        let plain = escape_commands(&text, Syntax::Text);
        assert_eq!(commands(&plain), [], "{text:?} became {plain:?}");
        assert_eq!(plain.chars().count(), text.chars().count(), "{text:?}");
        let differing = plain
            .chars()
            .zip(text.chars())
            .filter(|(now, before)| now != before);
        assert!(
            differing
                .into_iter()
                .all(|(now, before)| now == '\u{fffd}' && matches!(before, '#' | ':')),
            "{text:?}"
        );
        assert_eq!(
            escape_commands(&plain, Syntax::Text),
            plain,
            "once is enough"
        );
        assert!(!plain.contains("##vso[") && !plain.contains("##teamcity["));
    }
    let harmless = "# a [b]\n## [c]\n::: catalogue/a.json:1:1\nstd::fs::read\n";
    assert_eq!(escape_commands(harmless, Syntax::Text), harmless);
}

#[test]
fn json_that_is_escaped_means_the_same() {
    for text in texts().chain(TRICKS.map(str::to_owned)) {
        let document = serde_json::to_string_pretty(&[&text]).unwrap();
        let plain = escape_commands(&document, Syntax::Json);
        assert_eq!(commands(&plain), [], "{plain}");
        assert_eq!(
            serde_json::from_str::<Vec<String>>(&plain).unwrap(),
            [text],
            "{plain}"
        );
    }
}

#[test]
fn of_annotations_only_those_that_this_program_writes_are_left() {
    let text = "::error file=a::b ##[set-output name=a]c\n ::error::d\n::set-output name=a::e\n::notice::f\n##[error]g\r::warning h::i\n";
    let names: Vec<String> = commands(&escape_commands(text, Syntax::Annotations))
        .into_iter()
        .map(|it| it.name)
        .collect();
    assert_eq!(names, ["error", "notice", "warning"]);
}

/// Returns a store with an attack in every text that a contributor can write, including file and
/// directory names.
fn hostile() -> Scratch {
    let scratch = Scratch::base();
    for (at, trick) in TRICKS.iter().enumerate() {
        let text = serde_json::to_string(trick).unwrap();
        let write =
            |name: &str, text: &str| scratch.write(&format!("catalogue/datasette/{name}"), text);
        write(&format!("{at}{}.json", trick.replace('/', "-")), "{}\n");
        write(&format!("{at}\n{}.json", trick.replace('/', "-")), "{}\n");
        write(
            &format!("value-{at}.json"),
            &snippet(
                &format!("datasette-v{at}"),
                &format!("\"license\": {text},\n  "),
            ),
        );
        write(
            &format!("field-{at}.json"),
            &snippet(&format!("datasette-f{at}"), &format!("{text}: 1,\n  ")),
        );
        write(
            &format!("state-{at}.json"),
            &snippet(
                &format!("datasette-s{at}"),
                &format!("\"lifecycle\": {{\"state\": {text}}},\n  "),
            ),
        );
        write(
            &format!("bytes-{at}.json"),
            &format!("{{\"x\": 1 }}\n{trick}\n\r{trick}\n"),
        );
    }
    scratch
}

/// Fails if the program writes a line that is a command, except annotations on standard output.
fn assert_harmless(ran: &Ran, what: &str) {
    assert_eq!(commands(&ran.stderr), [], "{what}: {}", ran.stderr);
    for command in commands(&ran.stdout) {
        let is_ours = what.contains("github")
            && matches!(command.name.as_str(), "error" | "warning" | "notice");
        assert!(is_ours, "{what}: {command:?}");
    }
    assert!(
        !format!("{}{}", ran.stdout, ran.stderr).contains("##vso["),
        "{what}"
    );
}

#[test]
fn no_report_of_a_hostile_store_holds_a_command() {
    let scratch = hostile();
    for format in ["human", "github", "json", "sarif", "markdown"] {
        let ran = run(scratch.path(), &["check", "--format", format]);
        assert_eq!(ran.code, 1, "{}", ran.stderr);
        assert_harmless(&ran, format);
        if matches!(format, "json" | "sarif") {
            let document: Value = serde_json::from_str(&ran.stdout).unwrap();
            // Messages of SARIF may contain links, so brackets are escaped there.
            let written = document
                .to_string()
                .replace("\\\\[", "[")
                .replace("\\\\]", "]");
            assert!(
                written.contains("##[set-output name=path;]"),
                "the document means what was written"
            );
        }
    }
    for arguments in [
        &["build", "--offline"][..],
        &["fmt", "--check"],
        &["check", "--fix"],
        &["lagging"],
        &["fmt"],
    ] {
        assert_harmless(&run(scratch.path(), arguments), &arguments.join(" "));
    }
}

#[test]
fn no_argument_becomes_a_command_in_an_error() {
    let scratch = Scratch::base();
    for trick in TRICKS.map(|trick| format!("x\n{trick}")) {
        let trick = trick.as_str();
        let all: [&[&str]; 10] = [
            &["check", trick],
            &["check", "--since", trick],
            &["check", "--format", trick],
            &["diff", "--since", trick],
            &["explain", trick],
            &["inspect", trick],
            &["add", trick, "--offline"],
            &["remove", trick, "--reason", trick],
            &["rename", trick, trick],
            &[trick],
        ];
        for arguments in all {
            let ran = run(scratch.path(), arguments);
            assert_ne!(ran.code, 0, "{arguments:?}");
            assert_harmless(&ran, &format!("{arguments:?}"));
        }
    }
}

/// A wheel whose metadata contains commands: `inspect` and `add` print them as plain text.
#[test]
fn no_package_says_a_command() {
    let scratch = Scratch::base();
    let metadata: String = TRICKS
        .iter()
        .map(|trick| format!("Requires-Dist: {trick}\nClassifier: {trick}\n"))
        .collect();
    let metadata = format!(
        "Metadata-Version: 2.1\nName: datasette-tides\nVersion: 1.0\nSummary: {0}\nLicense: {0}\n{metadata}",
        TRICKS[0]
    );
    let name = "datasette_tides-1.0-py3-none-any.whl";
    let members = [
        ("datasette_tides/__init__.py", ""),
        ("datasette_tides-1.0.dist-info/METADATA", metadata.as_str()),
    ];
    let wheel = crate::workflows::stored(members.into_iter());
    fs::write(scratch.path().join(name), wheel).unwrap();
    let mut told = String::new();
    for arguments in [
        &["inspect", name][..],
        &["inspect", "--facts", name],
        &["inspect", "--format", "github", name],
        &["inspect", "--format", "json", name],
        &["inspect", "--format", "markdown", name],
        &["add", name, "--offline"],
        &["add", name, "--offline", "--draft", "--to-catalogue", "-"],
    ] {
        let ran = run(scratch.path(), arguments);
        assert_harmless(&ran, &arguments.join(" "));
        told += &ran.stdout;
        told += &ran.stderr;
    }
    assert!(
        told.contains("set-output name=path"),
        "the report quotes the package: {told}"
    );
}

/// The test starts itself once more as the process that panics: nothing of the program is known to.
#[test]
fn no_panic_says_a_command() {
    const PANICS: &str = "SHOPFRONT_TEST_PANICS";
    if std::env::var_os(PANICS).is_some() {
        shopfront::terminal::watch_panics();
        panic!("it quotes\n{}\n\u{1b}[2J\u{202e}", TRICKS.join("\n"));
    }
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        "--exact",
        "workflow_commands::no_panic_says_a_command",
        "--nocapture",
        "--test-threads",
        "1",
    ]);
    let output = command.env(PANICS, "1").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("it quotes") && said.contains("stop-commands"),
        "{said}"
    );
    assert_eq!(commands(&said), [], "{said}");
    assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
}
