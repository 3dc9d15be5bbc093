//! `api/v1/openapi.json`: every published JSON document as OpenAPI 3.1 describes it, for tools that
//! make clients.

use serde_json::{Map, Value, json};

use super::hosts::desk;
use super::pretty;
use crate::artifact::{Artifact, Sink};
use crate::merge::Store;
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;
use shopfront_model::adapter::Content;

/// Path below the published directory.
const PATH: &str = "api/v1/openapi.json";

/// Every document, by where it lies, with its schema. A published JSON file that is in none of
/// these fails a test.
static DOCUMENTS: &[(&str, &str, &str)] = &[
    ("plugins.json", "plugins", "api-plugins.schema.json"),
    ("api/v1/index.json", "index", "api-index.schema.json"),
    ("api/v1/hosts.json", "hosts", "api-hosts.schema.json"),
    (
        "api/v1/plugins/{host}/{id}.json",
        "plugin",
        "api-plugin.schema.json",
    ),
    ("api/v1/health.json", "health", "api-health.schema.json"),
    (
        "api/v1/problems.json",
        "problems",
        "api-problems.schema.json",
    ),
    ("api/v1/changes.json", "changes", "api-changes.schema.json"),
    (PATH, "description", "api-openapi.schema.json"),
    ("answers.json", "answers", "api-answers.schema.json"),
    ("{host}/{id}/badge.json", "badge", "badge.schema.json"),
];

/// Writes it.
pub(super) fn document(store: &Store<'_>, schemas: &Schemas, sink: &dyn Sink) -> Result<(), Error> {
    let mut paths = Map::new();
    for (path, name, schema) in DOCUMENTS {
        paths.insert(format!("/{path}"), operation(path, name, schema, schemas)?);
    }
    for (id, host) in &store.catalogue.hosts {
        for document in host.adapter.documents(&desk(store, host, &[])).documents {
            let Content::Json { schema, .. } = document.content else {
                continue;
            };
            let path = format!("{id}/{}", document.path);
            let name = if document.path == "plugins.json" {
                "document".to_owned()
            } else {
                document.path.replace(['/', '.'], "-")
            };
            paths.insert(
                format!("/{path}"),
                operation(&path, &format!("{id}-{name}"), schema, schemas)?,
            );
        }
    }
    paths.insert("/schema/{name}".to_owned(), schema_operation());
    let file = store.file;
    let value = json!({
        "openapi": "3.1.1",
        "info": {
            "title": file.title,
            "description": "Files of a static store: nothing is sent but what is asked for by its address. Fields may be added to them; \
                            none is taken away or changes its meaning below the same `v1`.",
            "version": "1",
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "servers": [{ "url": file.url.trim_end_matches('/') }],
        "paths": paths,
    });
    schemas
        .get("api-openapi.schema.json")?
        .assert(PATH, &value)?;
    sink.put(Artifact::new(PATH, pretty(&value)?))
}

/// How one document is fetched; what it says of itself is what its schema says.
fn operation(path: &str, name: &str, schema: &str, schemas: &Schemas) -> Result<Value, Error> {
    let summary = schemas.get(schema)?.description().to_owned();
    // Relative to this document, so that a copy of the store describes itself.
    Ok(get(
        path,
        name,
        &summary,
        json!({ "$ref": format!("../../schema/{schema}") }),
    ))
}

fn schema_operation() -> Value {
    get(
        "schema/{name}",
        "schema",
        "A JSON Schema of a document, or of what people write.",
        json!({ "type": "object" }),
    )
}

fn get(path: &str, name: &str, summary: &str, schema: Value) -> Value {
    let known = [
        ("host", "The id of a host."),
        ("id", "The id of an entry, unique within its host."),
        (
            "name",
            "The name of a schema, such as `api-index.schema.json`.",
        ),
    ];
    let named = known
        .iter()
        .filter(|(name, _)| path.contains(&format!("{{{name}}}")));
    let parameters: Vec<Value> = named
        .map(|(name, what)| json!({ "name": name, "in": "path", "required": true, "description": what, "schema": { "type": "string" } }))
        .collect();
    let mut operation = Map::new();
    operation.insert("operationId".to_owned(), name.into());
    operation.insert("summary".to_owned(), summary.into());
    if !parameters.is_empty() {
        operation.insert("parameters".to_owned(), parameters.into());
    }
    let content = json!({ "application/json": { "schema": schema } });
    let mut responses = Map::new();
    responses.insert(
        "200".to_owned(),
        json!({ "description": "The document.", "content": content }),
    );
    if path.contains('{') {
        responses.insert(
            "404".to_owned(),
            json!({ "description": "There is none; the body is a page for people." }),
        );
    }
    operation.insert("responses".to_owned(), responses.into());
    json!({ "get": operation })
}
