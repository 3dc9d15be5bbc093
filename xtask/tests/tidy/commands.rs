//! Every command of this program that a workflow runs, a page shows or a message recommends is one
//! that it takes.

use clap::Parser;
use clap::error::ErrorKind;
use xtask::Cli;

use super::{files, read, root};

/// The names of the program in calls: in this repository, installed, and in the files of `init`,
/// which puts the name of the program there.
const CALLS: &[&str] = &["cargo xtask ", "shopfront ", "@PROGRAM@ "];

#[test]
fn workflows_run_commands_that_there_are() {
    let mut calls = Vec::new();
    for folder in [".github", ".ci", "examples", "crates/shopfront/init"] {
        for path in files(folder, &[".yml", ".yaml", ".sh", ".ci/run"]) {
            calls.extend(
                read(&path)
                    .lines()
                    .filter_map(script_line)
                    .map(|call| (path.clone(), call)),
            );
        }
    }
    // What they call by its installed name is executed by the tests of the workflows.
    assert!(calls.len() > 2, "they call it: {calls:?}");
    assert_taken(&calls);
}

#[test]
fn pages_and_messages_show_commands_that_there_are() {
    let mut paths: Vec<String> = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"]
        .map(str::to_owned)
        .into();
    for folder in ["docs", ".github", "examples", "crates", "xtask"] {
        paths.extend(files(folder, &[".md", ".rs"]));
    }
    let mut calls = Vec::new();
    for path in paths.iter().filter(|path| root().join(path).is_file()) {
        let text = read(path);
        calls.extend(
            fenced_lines(&text)
                .filter_map(script_line)
                .map(|call| (path.clone(), call)),
        );
        calls.extend(in_backticks(&text).map(|call| (path.clone(), call)));
    }
    assert_taken(&calls);
}

/// Until there is a release, whoever registers the name at an index is who such a command would
/// run.
#[test]
fn nothing_tells_people_to_take_the_program_from_an_index() {
    let runners = [
        "uvx ",
        "uv tool install ",
        "uv tool run ",
        "uv pip install ",
        "pipx run ",
        "pipx install ",
        "pip install ",
        "cargo install ",
    ];
    let mut wrong = Vec::new();
    let mut paths = vec![
        "README.md".to_owned(),
        "CONTRIBUTING.md".to_owned(),
        "pyproject.toml".to_owned(),
    ];
    for folder in [
        "docs",
        ".github",
        "examples",
        "site-template",
        "clients",
        "crates",
    ] {
        paths.extend(files(
            folder,
            &[".md", ".rs", ".yml", ".html", ".json", ".toml"],
        ));
    }
    for path in paths
        .iter()
        .chain([&"crates/shopfront/README.md".to_owned()])
    {
        for (line_index, line) in read(path).lines().enumerate() {
            let named = |runner: &&str| {
                line.match_indices(*runner)
                    .any(|(at, _)| takes_ours(&line[at + runner.len()..]))
            };
            wrong.extend(
                runners
                    .iter()
                    .filter(|runner| named(runner))
                    .map(|runner| format!("{path}:{}: `{runner}…`", line_index + 1)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether what follows an installer names this program, and neither a folder nor a repository to
/// take it from.
fn takes_ours(arguments: &str) -> bool {
    let arguments = arguments
        .split(['`', '"', '#', '|', ';', '&'])
        .next()
        .unwrap_or_default();
    let mut words = arguments.split_whitespace();
    words.any(|word| {
        word == "shopfront" || word.starts_with("shopfront=") || word.starts_with("shopfront[")
    }) && !["--from", "--git", "--path", "--find-links"]
        .iter()
        .any(|source| arguments.contains(source))
}

#[test]
fn what_takes_the_program_from_an_index_is_recognized() {
    for call in [
        "shopfront inspect dist/*.whl",
        "--locked shopfront",
        "shopfront==0.1.0",
        "'shopfront[all]'",
    ] {
        assert!(takes_ours(&call.replace('\'', "")), "{call}");
    }
    for call in [
        ".",
        "--from . shopfront --version",
        "--locked --path crates/shopfront",
        "datasette-ics",
        "`, `uvx --from . shopfront`",
    ] {
        assert!(!takes_ours(call), "{call}");
    }
}

/// A name on GitHub that nobody holds yet can be taken by anybody, and a workflow would run what
/// lies there.
#[test]
fn no_page_tells_anybody_to_run_an_action_that_a_stranger_could_hold() {
    let mut paths: Vec<String> = [
        "README.md",
        "CONTRIBUTING.md",
        "ARCHITECTURE.md",
        "SECURITY.md",
    ]
    .map(str::to_owned)
    .into();
    for folder in ["docs", "examples", "crates/shopfront/init", "xtask"] {
        paths.extend(files(folder, &[".md"]));
    }
    let mut shown = 0;
    for path in paths {
        for line in read(&path).lines() {
            let Some(action) = line.trim().trim_start_matches("- ").strip_prefix("uses: ") else {
                continue;
            };
            shown += 1;
            assert!(
                ["<owner>/<repository>@<commit>", "./", "$/"]
                    .iter()
                    .any(|own| action.starts_with(own)),
                "{path}: {line}"
            );
        }
    }
    assert!(shown > 1, "README.md and docs/maintainers.md show one");
}

/// Holds each call against the real command line.
fn assert_taken(calls: &[(String, String)]) {
    let mut wrong = Vec::new();
    for (path, call) in calls {
        let Err(fault) =
            Cli::try_parse_from(std::iter::once("xtask".to_owned()).chain(words(call)))
        else {
            continue;
        };
        let is_shown = matches!(
            fault.kind(),
            ErrorKind::DisplayHelp
                | ErrorKind::DisplayVersion
                | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        );
        // The value of a variable is unknown here.
        let is_of_variable = call.contains("\"x\"")
            && matches!(
                fault.kind(),
                ErrorKind::InvalidValue | ErrorKind::ValueValidation
            );
        if !is_shown && !is_of_variable {
            wrong.push(format!(
                "{path}: cargo xtask {call}\n    {}",
                fault.to_string().lines().next().unwrap_or_default()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The words of a call, as a shell takes them apart.
fn words(call: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for character in call.chars().chain([' ']) {
        match quote {
            Some(open) if character == open => quote = None,
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if character.is_whitespace() => {
                words.extend(Some(std::mem::take(&mut word)).filter(|it| !it.is_empty()))
            }
            _ => word.push(character),
        }
    }
    words
}

/// The arguments, when the line of a script or a workflow calls the program.
fn script_line(line: &str) -> Option<String> {
    let line = line
        .trim()
        .trim_start_matches("- ")
        .trim_start_matches("run: ")
        .trim_start_matches("$ ");
    let (variables, call) = CALLS.iter().find_map(|name| line.split_once(name))?;
    let is_call = variables.split_whitespace().all(|word| word.contains('='));
    // A usage line with `[PATH…]` is no call.
    (is_call && !call.contains(['…', '[', '<'])).then(|| plain(call))
}

/// The lines within the code fences of a Markdown text.
fn fenced_lines(text: &str) -> impl Iterator<Item = &str> {
    let mut is_inside = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_inside ^= is_fence;
        is_inside && !is_fence
    })
}

/// The calls that stand in backticks within one line, in prose or in a message.
fn in_backticks(text: &str) -> impl Iterator<Item = String> {
    let quoted = text
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted
        .filter_map(|code| CALLS.iter().find_map(|name| code.strip_prefix(name)))
        .filter(|call| !call.contains(['…', '[']))
        .map(plain)
}

/// The arguments without what stands behind the call, and with a word for every variable.
fn plain(call: &str) -> String {
    let end = [" #", " |", " &&", ";", " >"]
        .iter()
        .filter_map(|mark| call.find(mark))
        .min()
        .unwrap_or(call.len());
    let mut rest = &call[..end];
    let mut out = String::new();
    while let Some(at) = rest.find(['$', '{']) {
        out.push_str(&rest[..at]);
        let (length, word) = variable(&rest[at..]);
        out.push_str(word);
        rest = &rest[at + length..];
    }
    out + rest
}

/// How long the variable is that `text` begins with, and a word to put there: `${NAME:+word}` has
/// one.
fn variable(text: &str) -> (usize, &str) {
    let body = text.trim_start_matches(['$', '{']);
    let opening = text.len() - body.len();
    if !text[..opening].contains('{') {
        let length = body
            .find(|it: char| !it.is_ascii_alphanumeric() && it != '_')
            .unwrap_or(body.len());
        return (opening + length, "x");
    }
    let length = body.find('}').unwrap_or(body.len());
    let closing = body[length..].len() - body[length..].trim_start_matches('}').len();
    let word = body[..length]
        .split_once(":+")
        .map_or("x", |(_, word)| word);
    (opening + length + closing, word)
}
