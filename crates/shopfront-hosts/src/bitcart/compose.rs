//! Compose files of a docker part, which are merged into the server's compose file: their
//! services and the privileges of these.

use std::collections::BTreeMap;

use super::contents::Service;
use super::document::text_of;
use shopfront_diagnostics::Diagnostic;
use shopfront_json::yaml::{self, Node, Scalar, yaml_1_1};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::malformed_manifest;
use shopfront_text::one_line;

/// Returns the services of the compose file `member`, by name.
pub(super) fn services(
    bundle: &Bundle,
    member: &str,
) -> (BTreeMap<String, Service>, Vec<Diagnostic>) {
    let text = match text_of(bundle, member) {
        Ok(text) => text,
        Err(faults) => return (BTreeMap::new(), faults),
    };
    match yaml::parse(text) {
        Ok(document) => (
            document.get("services").map(all).unwrap_or_default(),
            Vec::new(),
        ),
        Err(fault) => {
            let message = format!("`{}` is not YAML: {}", one_line(member, 120), fault.says);
            let fault = malformed_manifest::diagnostic(
                bundle.place(member, fault.bytes),
                "not YAML",
                message,
            );
            (BTreeMap::new(), vec![fault.help("the server merges it into its own compose file, and can not start with this one")])
        }
    }
}

fn all(services: &Node) -> BTreeMap<String, Service> {
    let named = services
        .members()
        .iter()
        .filter_map(|(name, service)| Some((one_line(name.written()?, 120), service)));
    named.map(|(name, it)| (name, service(it))).collect()
}

fn service(service: &Node) -> Service {
    let image = field(service, "image")
        .and_then(Node::written)
        .map(|image| one_line(image, 200));
    let volumes = field(service, "volumes")
        .map(Node::items)
        .unwrap_or_default();
    let is_privileged =
        field(service, "privileged").and_then(|it| it.scalar(yaml_1_1)) == Some(Scalar::Bool(true));
    Service {
        image,
        docker_socket: volumes.iter().filter_map(mounted).any(has_socket),
        privileged: is_privileged,
    }
}

/// Returns the field `name` of a mapping, otherwise that of the mappings merged with `<<`.
fn field<'n>(mapping: &'n Node, name: &str) -> Option<&'n Node> {
    let merged = || {
        let merged = mapping.get("<<")?;
        merged
            .get(name)
            .or_else(|| merged.items().iter().find_map(|it| it.get(name)))
    };
    mapping.get(name).or_else(merged)
}

/// Returns the host path that a volume mounts: `/var/run` of `/var/run:/host:ro`, or the `source`
/// of the long form.
fn mounted(volume: &Node) -> Option<&str> {
    let source = match volume.written() {
        Some(short) => short.split(':').next(),
        None => volume.get("source").and_then(Node::written),
    };
    source.map(str::trim)
}

/// Returns `true` if Docker's socket is at or below `path`.
fn has_socket(path: &str) -> bool {
    let folder = path.trim_end_matches('/');
    path.contains("docker.sock")
        || path.starts_with('/') && matches!(folder, "" | "/var" | "/run" | "/var/run")
}
