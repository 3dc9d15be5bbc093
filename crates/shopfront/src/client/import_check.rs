//! A trial: the module is imported by a Python of its own, and that tells how it went.

use serde::{Deserialize, Serialize};

use shopfront_json as json;
use shopfront_text::one_line;

/// What that Python runs: its arguments are the module, what it must bind, and how many seconds it
/// has.
pub const CODE: &str = include_str!("import.py");

/// The longest account of a failure, in characters.
const LONGEST: usize = 300;

/// How a trial went.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// The module was imported, and binds what it has to.
    Imported,
    /// It was not.
    Failed {
        /// Why: the type of the exception, what it says, and where.
        reason: String,
    },
}

/// What is known of a child that was to import a module.
pub struct ImportCheck<'t> {
    /// What it wrote.
    pub output: &'t str,
    /// How it ended: `ended with 1`.
    pub words: &'t str,
    /// Whether it was ended for want of time, and after how many seconds.
    pub late_after: Option<u64>,
}

/// How a trial went. Every word of it may be a stranger's.
pub fn read(trial: &ImportCheck<'_>) -> Outcome {
    if let Some(seconds) = trial.late_after {
        return failed(format!("the import took longer than {seconds} s"));
    }
    let last = trial.output.lines().next_back().unwrap_or_default();
    let Ok(said) = json::read(last.as_bytes()) else {
        return failed(format!(
            "Python {} before the import had ended",
            trial.words
        ));
    };
    let text = |key: &str| said[key].as_str().unwrap_or_default();
    if said.get("kind").is_some_and(serde_json::Value::is_null) {
        return Outcome::Imported;
    }
    let parts: Vec<&str> = [text("kind"), text("message")]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let place = if text("place").is_empty() {
        String::new()
    } else {
        format!(" ({})", text("place"))
    };
    failed(format!("{}{place}", parts.join(": ")))
}

fn failed(reason: String) -> Outcome {
    Outcome::Failed {
        reason: one_line(&reason, LONGEST),
    }
}
