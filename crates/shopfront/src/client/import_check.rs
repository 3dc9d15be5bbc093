//! Import check: a separate Python process imports the module and reports the result.

use serde::{Deserialize, Serialize};

use shopfront_json as json;
use shopfront_text::one_line;

/// Code that the Python process runs. The arguments are the module, the name that it must bind, and
/// the time limit in seconds.
pub const CODE: &str = include_str!("import.py");

/// Maximum length of a failure reason, in characters.
const LONGEST: usize = 300;

/// Result of an import check.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(tag = "outcome", rename_all = "lowercase")]
pub enum Outcome {
    /// The module was imported and binds the required name.
    Imported,
    /// The import failed.
    Failed {
        /// Type, message and location of the exception.
        reason: String,
    },
}

/// Data of a child process that was to import a module.
pub struct ImportCheck<'t> {
    /// Output of the child.
    pub output: &'t str,
    /// Exit status as text: `ended with 1`.
    pub words: &'t str,
    /// Seconds after which the child was killed. `None` if it ended by itself.
    pub late_after: Option<u64>,
}

/// Returns the result of an import check. All of its text is untrusted.
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
