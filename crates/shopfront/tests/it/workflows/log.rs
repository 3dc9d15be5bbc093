//! Log of a step as a runner of GitHub Actions reads it: detects commands and their effects.
//! Reimplements the rules of the runner's `ActionCommand`, `ActionCommandManager` and
//! `ProcessInvoker`.

use std::collections::BTreeMap;

/// All commands of the runner, including the one that stops all others.
const KNOWN: [&str; 15] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// Command in a line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Command {
    /// Name in lower case: the runner ignores case.
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) data: String,
}

impl Command {
    /// Returns the output that the command sets, if any.
    pub(super) fn output(&self) -> Option<(String, String)> {
        (self.name == "set-output").then(|| {
            (
                self.properties.get("name").cloned().unwrap_or_default(),
                self.data.clone(),
            )
        })
    }
}

/// Reader of one step. The next step starts with commands enabled.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// Token that ends a pause, if there is one.
    stop: Option<String>,
}

impl Log {
    /// Returns the executed commands of a step. The two streams are read separately, and the runner
    /// processes errors first. A pause that begins on one stream therefore does not apply to the
    /// other.
    pub(crate) fn read(&mut self, stdout: &str, stderr: &str) -> Vec<Command> {
        lines(stderr)
            .chain(lines(stdout))
            .filter_map(|line| self.obeyed(line))
            .collect()
    }

    /// Returns the command of `line` if there is one and it is executed now.
    fn obeyed(&mut self, line: &str) -> Option<Command> {
        let command = at_start(line, self).or_else(|| anywhere(line, self))?;
        match &self.stop {
            Some(word) if command.name == word.to_lowercase() => {
                self.stop = None;
                None
            }
            Some(_) => None,
            None if command.name == "stop-commands" => {
                // With an invalid token, the step fails, and its commands are still executed.
                self.stop = Some(command.data).filter(|word| {
                    !word.is_empty() && !self.knows(word) && word != "pause-logging"
                });
                None
            }
            None => Some(command),
        }
    }

    fn knows(&self, name: &str) -> bool {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        KNOWN.iter().any(|known| is(known)) || self.stop.as_deref().is_some_and(is)
    }
}

/// Returns the commands in `text`, for logs without paused commands.
pub(crate) fn commands(text: &str) -> Vec<Command> {
    lines(text)
        .filter_map(|line| Log::default().obeyed_or_stop(line))
        .collect()
}

impl Log {
    /// Returns the command like [`Log::obeyed`], including the one that stops commands.
    fn obeyed_or_stop(&self, line: &str) -> Option<Command> {
        at_start(line, self).or_else(|| anywhere(line, self))
    }
}

/// Splits lines at a line feed, at a carriage return, and at both. A byte order mark is not part of
/// the text.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.strip_prefix('\u{feff}')
        .unwrap_or(text)
        .split(['\n', '\r'])
        .filter(|line| !line.is_empty())
}

/// Parses `::name key=value,key=value::data`, after white space.
fn at_start(line: &str, log: &Log) -> Option<Command> {
    let (info, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    command(
        info,
        ',',
        data,
        &[
            ("%0D", "\r"),
            ("%0A", "\n"),
            ("%3A", ":"),
            ("%2C", ","),
            ("%25", "%"),
        ],
        log,
    )
}

/// Parses `##[name key=value;key=value]data`, from the first `##[` of the line.
fn anywhere(line: &str, log: &Log) -> Option<Command> {
    let (_, rest) = line.split_once("##[")?;
    let (info, data) = rest.split_once(']')?;
    command(
        info,
        ';',
        data,
        &[
            ("%3B", ";"),
            ("%0D", "\r"),
            ("%0A", "\n"),
            ("%5D", "]"),
            ("%25", "%"),
        ],
        log,
    )
}

fn command(
    info: &str,
    separator: char,
    data: &str,
    escapes: &[(&str, &str)],
    log: &Log,
) -> Option<Command> {
    let plain = |text: &str| {
        escapes
            .iter()
            .fold(text.to_owned(), |text, (escape, meaning)| {
                text.replace(escape, meaning)
            })
    };
    let (name, properties) = info.split_once(' ').unwrap_or((info, ""));
    let pairs = properties
        .trim()
        .split(separator)
        .filter_map(|pair| pair.split_once('='));
    log.knows(name).then(|| Command {
        name: name.to_lowercase(),
        properties: pairs
            .map(|(key, value)| (key.to_lowercase(), plain(value)))
            .collect(),
        data: plain(data),
    })
}

#[test]
fn a_line_of_a_log_is_a_command_here_where_it_is_one_for_the_runner() {
    let cases = [
        ("::set-output name=a,b=c%2C::d%0Ae", Some("set-output")),
        (" \u{a0}\u{2028}\t::ERROR::x", Some("error")),
        ("x ::error::x", None),
        (":::error::x", None),
        ("::error :x", None),
        ("::errors::x", None),
        ("\u{200b}::error::x", None),
        ("\u{feff} ::error::x", Some("error")),
        ("a##[set-output name=a;]b", Some("set-output")),
        ("a###[error]b", Some("error")),
        ("##[no] ##[error]x", None),
        ("##[error", None),
        ("::no:: ##[error]x", Some("error")),
        ("::stop-commands::word", Some("stop-commands")),
    ];
    for (line, name) in cases {
        assert_eq!(
            commands(line).first().map(|it| it.name.as_str()),
            name,
            "{line}"
        );
    }
    let first = &commands(cases[0].0)[0];
    assert_eq!(
        (
            first.properties["name"].as_str(),
            first.properties["b"].as_str(),
            first.data.as_str()
        ),
        ("a", "c,", "d\ne")
    );
    assert_eq!(commands("a\r::error::b\n::notice::c").len(), 2);
}

#[test]
fn a_pause_lasts_until_its_word_and_holds_for_what_the_same_stream_says_later() {
    let names = |stdout: &str, stderr: &str| {
        Log::default()
            .read(stdout, stderr)
            .into_iter()
            .map(|it| it.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(
            "::stop-commands::w0rd\n::error::a\n##[x w0rd]\n::W0RD::\n::notice::b",
            ""
        ),
        ["notice"]
    );
    assert_eq!(
        names("::stop-commands::w0rd\n::error::a", "::warning::b"),
        ["warning"]
    );
    assert_eq!(
        names("::stop-commands::\n::stop-commands::Notice\n::error::a", ""),
        ["error"]
    );
}
