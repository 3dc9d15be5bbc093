//! `explain`: shows the page of a code.

use crate::outcome::Outcome;
use shopfront_check::checks;
use shopfront_diagnostics::error::Error;
use shopfront_text::names::nearest;

/// Returns the page of `code`, or the list of all codes.
///
/// # Errors
/// Returns an error if the code does not exist.
pub fn run(code: Option<&str>) -> Result<Outcome, Error> {
    let Some(code) = code else {
        let lines = checks::ALL
            .iter()
            .map(|check| format!("{:24} {}\n", check.code.name, check.code.summary()));
        return Ok(Outcome {
            stdout: lines.collect(),
            ..Outcome::default()
        });
    };
    match checks::find(code) {
        Some(check) => Ok(Outcome {
            stdout: check.code.page.to_owned(),
            ..Outcome::default()
        }),
        None => {
            let near = nearest(code, checks::ALL.iter().map(|check| check.code.name));
            let help = near.map_or_else(
                || format!("{} explain", shopfront_diagnostics::program::name()),
                |near| format!("did you mean `{near}`?"),
            );
            Err(Error::new(format!("there is no code `{code}`")).help(help))
        }
    }
}
