//! Compact text form of an answer, one release per line, so that a commit shows new releases.

use serde::Serialize;

use super::Answer;
use shopfront_diagnostics::error::{Context, Error};

/// Returns the text of `answers/<registry>/<name>.json`.
///
/// # Errors
/// Returns an error if the answer cannot be serialized as JSON.
pub fn text(answer: &Answer) -> Result<String, Error> {
    let mut text = String::from("{\n");
    line(&mut text, "format", &answer.format)?;
    line(&mut text, "registry", &answer.registry)?;
    line(&mut text, "name", &answer.name)?;
    line(&mut text, "state", &answer.state)?;
    if let Some(url) = &answer.registry_url {
        line(&mut text, "registry_url", url)?;
    }
    line(&mut text, "checked_at", &answer.checked_at)?;
    line(&mut text, "trouble", &answer.trouble)?;
    line(&mut text, "validators", &answer.validators)?;
    if let Some(page) = &answer.simple_page {
        line(&mut text, "simple_page", page)?;
    }
    let Some(project) = &answer.project else {
        text.push_str("  \"project\": null\n}\n");
        return Ok(text);
    };
    text.push_str("  \"project\": {\n");
    inner_line(&mut text, "name", &project.name)?;
    inner_line(&mut text, "status", &project.status)?;
    if let Some(reason) = &project.status_reason {
        inner_line(&mut text, "status_reason", reason)?;
    }
    if !project.attestations.is_empty() {
        inner_line(&mut text, "attestations", &project.attestations)?;
    }
    inner_line(&mut text, "newest", &project.newest)?;
    text.push_str("    \"releases\": [");
    for (index, release) in project.releases.iter().enumerate() {
        text.push_str(if index == 0 { "\n      " } else { ",\n      " });
        text.push_str(&json(release)?);
    }
    text.push_str(if project.releases.is_empty() {
        "]\n  }\n}\n"
    } else {
        "\n    ]\n  }\n}\n"
    });
    Ok(text)
}

fn line(text: &mut String, key: &str, value: &impl Serialize) -> Result<(), Error> {
    text.push_str(&format!("  \"{key}\": {},\n", json(value)?));
    Ok(())
}

fn inner_line(text: &mut String, key: &str, value: &impl Serialize) -> Result<(), Error> {
    text.push_str("  ");
    line(text, key, value)
}

fn json(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value).with_context(|| "writing an answer".to_owned())
}
