//! Provenance objects (PEP 740): the publisher of a file, as verified by the index at upload.

use serde_json::Value;

use super::super::cleaned;
use shopfront_model::answers::Publisher;

/// Returns the publisher of a file, as named in its first bundle of attestations. Returns `None`
/// for an invalid provenance object.
pub(super) fn read(body: &[u8]) -> Option<Publisher> {
    let document = super::super::document(body).ok()?;
    // A later version may mean another thing by the same keys.
    let bundles = document["attestation_bundles"]
        .as_array()
        .filter(|_| document["version"] == 1)?;
    let is_attested = |bundle: &&Value| {
        bundle["attestations"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    };
    bundles
        .iter()
        .take(cleaned::MAX_ITEMS)
        .filter(is_attested)
        .find_map(|bundle| publisher(&bundle["publisher"]))
}

fn publisher(told: &Value) -> Option<Publisher> {
    // GitLab publishers name the file of the pipeline, GitHub publishers that of the workflow.
    let workflow = [
        &told["workflow"],
        &told["workflow_filepath"],
        &told["workflow_filename"],
    ];
    Some(Publisher {
        kind: cleaned::line(&told["kind"], 40)?,
        repository: told["repository"]
            .as_str()
            .filter(|it| is_repository(it))
            .map(str::to_owned),
        workflow: workflow.into_iter().find_map(|it| cleaned::line(it, 200)),
        environment: cleaned::line(&told["environment"], 100),
    })
}

/// Returns `true` for `owner/name`, with groups between them on some services, and nothing that
/// changes the target of a URL.
fn is_repository(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let is_part =
        |part: &str| !part.is_empty() && !matches!(part, "." | "..") && part.bytes().all(is_plain);
    text.len() <= 300 && text.contains('/') && text.split('/').all(is_part)
}
