//! The same pages for Hugo: the published data becomes front matter, the long description the body,
//! and the templates are ported. Differences favor Hugo: dates and sizes are preformatted, URLs
//! begin at the root, code is not highlighted, headings keep their level, and no HTML is sanitized.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::{Value, json};
use shopfront_diagnostics::error::{Context, Error};

use crate::generate::{host_description, pretty, settings, write};
use crate::measure::Call;
use crate::plugin::{HOSTS, Plugin, asked_at, plugin};

#[rustfmt::skip]
const LAYOUTS: &[(&str, &str)] = &[
    ("_default/baseof.html", include_str!("hugo/baseof.html")),
    ("_default/single.html", include_str!("hugo/single.html")),
    ("_default/list.html", include_str!("hugo/list.html")),
    ("errors/single.html", include_str!("hugo/errors/single.html")),
    ("errors/list.html", include_str!("hugo/errors/list.html")),
    ("partials/card.html", include_str!("hugo/card.html")),
    ("index.html", include_str!("hugo/index.html")),
    ("404.html", include_str!("hugo/404.html")),
];

/// Creates a site with the pages of the store that was published in `published`.
pub(crate) fn site(folder: &Path, published: &Path, count: usize) -> Result<(), Error> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("clearing {}", folder.display()))?;
    }
    write(&folder.join("config.json"), &pretty(&config()))?;
    for (name, text) in LAYOUTS {
        write(&folder.join("layouts").join(name), text)?;
    }
    let assets = published.join("assets");
    for entry in fs::read_dir(&assets).with_context(|| format!("listing {}", assets.display()))? {
        let path = entry.with_context(|| "listing assets".to_owned())?.path();
        if path.is_dir() {
            // The search index: Hugo creates none.
            continue;
        }
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        write(
            &folder
                .join("static/assets")
                .join(path.file_name().unwrap_or_default()),
            &text,
        )?;
    }
    for host in &HOSTS {
        let front = json!({ "title": host.title, "description": host_description(host), "homepage": format!("https://{}.example/", host.id) });
        write(
            &folder.join("content").join(host.id).join("_index.md"),
            &pretty(&front),
        )?;
    }
    errors(folder)?;
    (0..count)
        .into_par_iter()
        .try_for_each(|index| page(folder, published, &plugin(index)))
}

/// Returns the command that renders the site to `target`.
pub(crate) fn call(hugo: &Path, folder: &Path, target: &Path) -> Call {
    Call::new(hugo, folder)
        .arguments(["--quiet", "--destination"])
        .arguments([target])
}

/// Returns the output directory of the site.
pub(crate) fn target(folder: &Path) -> PathBuf {
    folder.join("public")
}

fn config() -> Value {
    let hosts: Vec<Value> =
        HOSTS.iter().map(|host| json!({ "id": host.id, "title": host.title, "description": host_description(host) })).collect();
    json!({
        "baseURL": "https://bench.example/store/",
        "title": "Benchmark",
        "disableKinds": ["taxonomy", "term", "RSS", "sitemap", "robotsTXT"],
        "paginatePath": "_",
        "markup": {
            "highlight": { "codeFences": false },
            "goldmark": { "extensions": { "typographer": false, "linkify": false, "definitionList": false } },
        },
        "params": {
            "root": "/store/",
            "store": settings(),
            "hosts": hosts,
            "releases": 100_000,
            "generated_at": asked_at().to_string(),
            "generated_date": date(&asked_at().to_string()),
        },
    })
}

/// Creates the pages of the codes from the repository's own documents.
fn errors(folder: &Path) -> Result<(), Error> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    write(
        &folder.join("content/errors/_index.md"),
        &pretty(&json!({ "title": "Codes", "description": "" })),
    )?;
    for entry in fs::read_dir(&pages).with_context(|| "listing docs/errors".to_owned())? {
        let path = entry
            .with_context(|| "listing docs/errors".to_owned())?
            .path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading docs/errors/{name}.md"))?;
        // As the program shows it.
        let text = text
            .split("\n## Further cases\n")
            .next()
            .unwrap_or_default();
        let front = pretty(&json!({ "title": name }));
        write(
            &folder.join("content/errors").join(format!("{name}.md")),
            &format!("{front}\n{text}"),
        )?;
    }
    Ok(())
}

fn page(folder: &Path, published: &Path, plugin: &Plugin) -> Result<(), Error> {
    let api = format!("api/v1/plugins/{}/{}.json", plugin.host.id, plugin.id);
    let bytes = fs::read(published.join(&api)).with_context(|| format!("reading {api}"))?;
    let data: Value = serde_json::from_slice(&bytes).with_context(|| format!("reading {api}"))?;
    let front = json!({ "title": data["display_name"], "description": data["display_description"], "plugin": facts(plugin, &data, &api) });
    let path = folder
        .join("content")
        .join(plugin.host.id)
        .join(format!("{}.md", plugin.id));
    write(&path, &format!("{}\n{}", pretty(&front), plugin.readme))
}

fn facts(plugin: &Plugin, data: &Value, api: &str) -> Value {
    let project = data["source"]["name"].as_str().unwrap_or_default();
    let releases: Vec<Value> = data["releases"]
        .as_array()
        .into_iter()
        .flatten()
        .map(release)
        .collect();
    let compatible: Vec<Value> = data["compatible"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(major, version)| json!({ "major": major, "version": version }))
        .collect();
    let fact = |label: &str, value: &Value, from: &str| json!({ "label": label, "value": value, "from": from });
    let title = |id: &str| {
        plugin
            .host
            .categories
            .iter()
            .find(|(known, _)| *known == id)
            .map(|(_, title)| *title)
    };
    let category = |id: &Value| title(id.as_str().unwrap_or_default());
    let links = [
        ("Homepage", "homepage"),
        ("Documentation", "documentation"),
        ("Repository", "repository"),
        ("Issues", "issues"),
    ];
    json!({
        "host": plugin.host.id,
        "host_title": plugin.host.title,
        "id": plugin.id,
        "uid": data["uid"],
        "display_name": data["display_name"],
        "author": data["author"],
        "version": data["version"],
        "released_at": data["released_at"],
        "released_date": date(text(&data["released_at"])),
        "listed_at": data["listed_at"],
        "listed_date": date(text(&data["listed_at"])),
        "checked_at": asked_at().to_string(),
        "checked_date": date(&asked_at().to_string()),
        "license": data["license"],
        "project": project,
        "source_url": data["source"]["url"],
        "api": api,
        "path": format!("catalogue/{}/{}.json", plugin.host.id, plugin.id),
        "install": [
            { "tool": "pip", "command": format!("pip install {project}") },
            { "tool": "uv", "command": format!("uv pip install {project}") },
        ],
        "links": links.iter().filter(|(_, key)| !data[*key].is_null()).map(|(label, key)| json!({ "label": label, "url": data[*key] })).collect::<Vec<_>>(),
        "facts": [
            fact("Newest release", &data["version"], "registry"),
            fact("Released", &date(text(&data["released_at"])).into(), "registry"),
            fact("Python", &data["requires_python"], "registry"),
            fact("Package", &"wheel".into(), "registry"),
            fact("Releases", &releases.len().to_string().into(), "registry"),
            fact("Licence", &data["license"], "listing"),
            fact("Author", &data["author"], "listing"),
            fact("Project", &project.into(), "listing"),
            fact("Module", &data["module_name"], "listing"),
        ],
        "categories": data["categories"].as_array().into_iter().flatten().filter_map(category).collect::<Vec<_>>(),
        "keywords": data["keywords"],
        "problems": data["problems"],
        "compatible": compatible,
        "dependencies": data["dependencies"],
        "releases": releases,
    })
}

fn release(release: &Value) -> Value {
    let majors = release["compatible"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|major| format!("{}.x", text(major)));
    let size = release["files"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|file| file["size"].as_u64())
        .max()
        .unwrap_or_default();
    json!({
        "version": release["version"],
        "released_at": release["released_at"],
        "released_date": date(text(&release["released_at"])),
        "yanked": release["yanked"],
        "yanked_reason": release["yanked_reason"],
        "prerelease": release["prerelease"],
        "requires_python": release["requires_python"],
        "compatible": majors.collect::<Vec<_>>().join(", "),
        "size": format!("{}.{} kB", size / 1_000, size % 1_000 / 100),
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns a date such as "20 November 2026".
fn date(at: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let part = |range: std::ops::Range<usize>| {
        at.get(range)
            .and_then(|it| it.parse::<usize>().ok())
            .unwrap_or(1)
    };
    format!(
        "{} {} {}",
        part(8..10),
        MONTHS[(part(5..7) - 1) % 12],
        part(0..4)
    )
}
