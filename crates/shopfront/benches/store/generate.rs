//! Complete store of generated plugins, in a directory of its own.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde_json::{Value, json};
use shopfront_diagnostics::error::{Context, Error};
use shopfront_model::answers;

use crate::plugin::{HOSTS, Host, Plugin, host_answer, plugin};

/// Version of the generator. Directories of earlier runs are regenerated if it changes.
const RECIPE: &str = "2\n";

/// Returns the store of `count` plugins below `scratch`. Reuses the store of an earlier run.
pub(crate) fn store(scratch: &Path, count: usize) -> Result<PathBuf, Error> {
    let root = scratch.join(count.to_string()).join("store");
    let stamp = root.join("recipe.txt");
    if fs::read_to_string(&stamp).is_ok_and(|made| made == RECIPE) {
        return Ok(root);
    }
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("clearing {}", root.display()))?;
    }
    write(&root.join("catalogue/store.json"), &pretty(&settings()))?;
    for host in &HOSTS {
        write(
            &root.join("catalogue").join(host.id).join("host.json"),
            &pretty(&host_file(host)),
        )?;
        save_answer(&root, &host_answer(host))?;
    }
    (0..count)
        .into_par_iter()
        .try_for_each(|index| save(&root, &plugin(index)))?;
    write(&stamp, RECIPE)?;
    Ok(root)
}

fn save(root: &Path, plugin: &Plugin) -> Result<(), Error> {
    write(&snippet_path(root, plugin), &pretty(&plugin.snippet))?;
    let project = plugin.answer.project.as_ref();
    if let Some(description) = project.and_then(|project| project.newest.description.as_ref()) {
        let folder = root
            .join("answers/descriptions")
            .join(&description.sha256[..2]);
        write(
            &folder.join(format!("{}.txt", description.sha256)),
            &plugin.readme,
        )?;
    }
    save_answer(root, &plugin.answer)
}

fn save_answer(root: &Path, answer: &answers::Answer) -> Result<(), Error> {
    write(
        &root
            .join("answers/pypi")
            .join(format!("{}.json", answer.name)),
        &answers::text(answer)?,
    )
}

/// Returns the path of the snippet of `plugin`.
pub(crate) fn snippet_path(root: &Path, plugin: &Plugin) -> PathBuf {
    root.join("catalogue")
        .join(plugin.host.id)
        .join(format!("{}.json", plugin.id))
}

/// Returns the contents of `store.json`.
pub(crate) fn settings() -> Value {
    json!({
        "id": "bench",
        "title": "Benchmark",
        "description": "A store of generated plugins, made to measure the program that builds it.",
        "url": "https://bench.example/store/",
        "repository": "https://git.example/bench/store",
        "language": "en",
        "accent": "#1f5f8b",
        "links": [{ "title": "Add a plugin", "url": "https://git.example/bench/store/contributing" }],
        "footer": "Every plugin of this store is made up.",
        "contact": "mailto:store@bench.example"
    })
}

/// Returns the contents of the host's `host.json`.
pub(crate) fn host_description(host: &Host) -> String {
    format!(
        "Plugins for {}, as many as a large community writes.",
        host.title
    )
}

fn host_file(host: &Host) -> Value {
    let category = |(id, title): &(&str, &str)| json!({ "id": id, "title": title, "description": format!("{title}, for every plugin of that sort.") });
    let mut file = json!({
        "kind": host.kind,
        "title": host.title,
        "description": host_description(host),
        "homepage": format!("https://{}.example/", host.id),
        "categories": host.categories.iter().map(category).collect::<Vec<_>>(),
        "install": "pip install {project}",
    });
    let key = if host.kind == "fiab" {
        "core_distribution"
    } else {
        "distribution"
    };
    file[key] = host.project.into();
    file
}

/// Returns JSON as `fmt` writes it.
pub(crate) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Writes a file and creates its parent directories.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
