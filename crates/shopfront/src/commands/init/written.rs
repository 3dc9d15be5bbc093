//! Files of a new store.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::PROGRAM;
use super::settings::Settings;
use shopfront_check::schema::Schemas;
use shopfront_diagnostics::error::Error;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_hosts as kinds;
use shopfront_model::adapter;

/// Files that are the same in every store, except for placeholders between `@`.
const TEMPLATES: &[(&str, &str)] = &[
    (
        ".gitattributes",
        include_str!("../../../init/gitattributes"),
    ),
    (
        ".github/ISSUE_TEMPLATE/list-my-plugin.yml",
        include_str!("../../../init/list-my-plugin.yml"),
    ),
    (
        ".github/actions/shopfront/action.yml",
        include_str!("../../../init/action.yml"),
    ),
    (
        ".github/dependabot.yml",
        include_str!("../../../init/dependabot.yml"),
    ),
    // The workflows of this repository: in both places, the action beside them provides the
    // program.
    (
        ".github/workflows/comment.yml",
        include_str!("../../../../../.github/workflows/comment.yml"),
    ),
    (
        ".github/workflows/listing.yml",
        include_str!("../../../../../.github/workflows/listing.yml"),
    ),
    (
        ".github/workflows/program.yml",
        include_str!("../../../../../.github/workflows/program.yml"),
    ),
    (
        ".github/workflows/publish.yml",
        include_str!("../../../../../.github/workflows/publish.yml"),
    ),
    (
        ".github/workflows/pull-request.yml",
        include_str!("../../../../../.github/workflows/pull-request.yml"),
    ),
    (".gitignore", include_str!("../../../init/gitignore")),
    ("README.md", include_str!("../../../init/README.md")),
];

/// The program that builds the store.
pub(super) struct Program {
    /// The repository that it is compiled from.
    pub(super) repository: String,
    /// Its commit there.
    pub(super) revision: String,
}

impl Program {
    /// The command that installs it.
    pub(super) fn install_command(&self) -> String {
        format!(
            "cargo install --locked --git {} --rev {} {}",
            self.repository,
            self.revision,
            env!("CARGO_PKG_NAME")
        )
    }
}

/// Every file by its path.
///
/// # Errors
/// Returns an error if the program lacks a schema that it names.
pub(super) fn files(
    settings: &Settings,
    program: &Program,
    schemas: &Schemas,
) -> Result<BTreeMap<String, String>, Error> {
    let kind = kinds::find(settings.kind)
        .ok_or_else(|| Error::new(format!("there is no kind `{}`", settings.kind)))?;
    let host = &settings.host;
    let (host_file, snippet) = match settings.kind {
        "fiab" => (fiab_host(), fiab_snippet()),
        "python" => (python_host(settings), python_snippet(settings)),
        _ => (
            example(schemas, kind.host_schema)?,
            other_snippet(schemas, kind.snippet_schema)?,
        ),
    };
    let mut files = BTreeMap::new();
    files.insert(
        "catalogue/store.json".to_owned(),
        schemas
            .get("store.schema.json")?
            .canonical(&store(settings)),
    );
    files.insert(
        format!("catalogue/{host}/host.json"),
        schemas.get(kind.host_schema)?.canonical(&host_file),
    );
    files.insert(
        format!("catalogue/{host}/{}.json", settings.example()),
        schemas.get(kind.snippet_schema)?.canonical(&snippet),
    );
    files.insert(
        ".vscode/settings.json".to_owned(),
        format!("{:#}\n", editor(settings, kind)),
    );
    for (path, template) in TEMPLATES {
        files.insert((*path).to_owned(), filled(template, settings, program));
    }
    Ok(files)
}

fn filled(template: &str, settings: &Settings, program: &Program) -> String {
    let words = [
        ("@PROGRAM@", PROGRAM),
        ("@INSTALL@", &program.install_command()),
        ("@PACKAGE@", env!("CARGO_PKG_NAME")),
        ("@REPOSITORY@", &program.repository),
        ("@REVISION@", &program.revision),
        ("@HOST@", &settings.host),
        ("@EXAMPLE@", settings.example()),
        ("@URL@", &settings.url),
        // Last, so that placeholders in the user's title are not replaced.
        ("@TITLE@", &settings.title),
    ];
    words
        .iter()
        .fold(template.to_owned(), |text, (word, meaning)| {
            text.replace(word, meaning)
        })
}

fn store(settings: &Settings) -> Value {
    let of = if settings.kind == "fiab" {
        "Forecast in a Box".to_owned()
    } else {
        settings.host_title()
    };
    json!({
        "id": settings.id,
        "title": settings.title,
        "description": format!("Plugins for {of}."),
        "url": settings.url,
    })
}

fn python_host(settings: &Settings) -> Value {
    let title = settings.host_title();
    json!({
        "kind": "python",
        "title": title,
        "description": format!("Say here in one sentence what {title} is, for people who do not know it."),
        "install": "pip install {project}",
        "distribution": settings.distribution,
    })
}

fn fiab_host() -> Value {
    json!({
        "kind": "fiab",
        "title": "Forecast in a Box",
        "description": "ECMWF’s packaged forecasting system: choose a source of weather data, run an AI or physics-based model, derive products, and write or plot the result.",
        "homepage": "https://github.com/ecmwf/forecast-in-a-box",
        "install": "pip install {project}",
        "core_distribution": "fiab-core",
    })
}

fn python_snippet(settings: &Settings) -> Value {
    let project = format!("{}-example", settings.distribution);
    let module = project.replace(['-', '.'], "_");
    // A Python name does not begin with a digit.
    let module = if module.starts_with(|it: char| it.is_ascii_digit()) {
        format!("plugin_{module}")
    } else {
        module
    };
    json!({
        "display_name": "Example",
        "display_description": "This sentence says what the plugin does. There is no such plugin: put your first one in its place.",
        "author": "Who makes it",
        "source": { "pypi": project },
        "module_name": module,
        "license": "MIT",
        "keywords": ["example"],
        "comment": how_to("what the application imports"),
    })
}

/// Returns the snippet of a real package, so that the first build has an entry.
fn fiab_snippet() -> Value {
    json!({
        "display_name": "Demo Blocks",
        "display_description": "Placeholder blocks that hand on their data set unchanged: for trying out the editor, not for real forecasts.",
        "author": "ECMWF",
        "source": { "pypi": "fiab-plugin-demo" },
        "module_name": "fiab_plugin_demo",
        "repository": "https://github.com/ecmwf/forecast-in-a-box",
        "license": "Apache-2.0",
        "keywords": ["example"],
        "comment": how_to("what the backend imports: the project’s name with `_` for `-`"),
    })
}

/// Returns the example in a schema. It is from a real host and shows the fields of its kind.
fn example(schemas: &Schemas, name: &str) -> Result<Value, Error> {
    let example = schemas
        .get(name)?
        .at(&Pointer::root())
        .and_then(|schema| schema["examples"].get(0))
        .cloned();
    example.ok_or_else(|| Error::new(format!("{name} shows no example")))
}

fn other_snippet(schemas: &Schemas, name: &str) -> Result<Value, Error> {
    let mut snippet = example(schemas, name)?;
    snippet["display_description"] =
        "This sentence says what the plugin does. There is no such plugin: put your first one in its place.".into();
    let parts = [
        "How to list a plugin: copy this file; its name without `.json` is the id of the plugin, and stays for ever.".to_owned(),
        format!("Or let the program write it: `{PROGRAM} add` with the package, or with the name of its project."),
        "`source` says where its releases are: the page `docs/format/` of the built store has every form.".to_owned(),
        format!(
            "Then run `{PROGRAM} check`. `comment` is for maintainers and never published: delete it, or write why something is as it is."
        ),
    ];
    snippet["comment"] = parts.join(" ").into();
    Ok(snippet)
}

/// Returns the text of `comment`. JSON has no comments, and this field is never published.
fn how_to(module: &str) -> String {
    let parts = [
        "How to list a plugin: copy this file; its name without `.json` is the id of the plugin, and stays for ever.".to_owned(),
        format!("`source` names its project on PyPI, `module_name` {module}; `display_name`, `display_description` and `author` are what people read."),
        "You may add `homepage`, `documentation`, `repository`, `issues` (addresses), `license` (an SPDX expression), `categories`, `keywords`, `icon`, `screenshots` and `maintainers` (GitHub logins).".to_owned(),
        "Versions, dates, files and requirements are asked from PyPI: nobody writes them here.".to_owned(),
        format!("Then run `{PROGRAM} check`. `comment` is for maintainers and never published: delete it, or write why something is as it is."),
    ];
    parts.join(" ")
}

/// Returns the editor settings. Schemas are fetched from the published store, so that stores need
/// no copies.
fn editor(settings: &Settings, kind: &adapter::Kind) -> Value {
    let folder = format!("/catalogue/{}", settings.host);
    let bound = |matches: Value, schema: &str| json!({ "fileMatch": matches, "url": format!("{}schema/{schema}", settings.url) });
    json!({
        "json.schemas": [
            bound(json!(["/catalogue/store.json"]), "store.schema.json"),
            bound(json!([format!("{folder}/host.json")]), kind.host_schema),
            bound(json!([format!("{folder}/**/*.json"), format!("!{folder}/host.json")]), kind.snippet_schema),
        ],
        // Editors query only servers that the user trusts.
        "json.schemaDownload.trustedDomains": { (format!("{}schema/", settings.url)): true },
    })
}
