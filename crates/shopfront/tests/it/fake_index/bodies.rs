//! Bodies of real indexes, which tests modify as needed.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use super::normalise;

/// Returns the document of the JSON API: a wheel and an sdist for each `(version, upload time)`.
/// The last release is the one that `info` describes.
///
/// Keys are sorted and releases are in lexicographic order (`1.10` before `1.9`), as at the public
/// index. The URLs of wheels are relative to the document, those of sdists absolute: indexes use
/// both.
pub(crate) fn project_json(name: &str, releases: &[(&str, &str)]) -> Value {
    let by_version: BTreeMap<&str, Value> = releases
        .iter()
        .map(|(version, uploaded_at)| (*version, json!(files(name, version, uploaded_at))))
        .collect();
    let newest = releases.last().map_or("", |(version, _)| version);
    let normal = normalise(name);
    let mut body = json!({
        "info": {
            "author": "Rosa Lind",
            "author_email": "",
            "bugtrack_url": null,
            "classifiers": ["Programming Language :: Python :: 3"],
            "description": format!("# {name}\n\nWhat it does, and how to install it.\n"),
            "description_content_type": "text/markdown",
            "docs_url": null,
            "download_url": "",
            "downloads": {"last_day": -1, "last_month": -1, "last_week": -1},
            "dynamic": null,
            "home_page": "",
            "keywords": "",
            "license": "",
            "license_expression": "Apache-2.0",
            "license_files": ["LICENSE"],
            "maintainer": null,
            "maintainer_email": null,
            "name": name,
            "package_url": format!("https://packages.example/project/{normal}/"),
            "platform": null,
            "project_url": format!("https://packages.example/project/{normal}/"),
            "project_urls": {"Homepage": format!("https://git.example/rosa/{normal}")},
            "provides_extra": null,
            "release_url": format!("https://packages.example/project/{normal}/{newest}/"),
            "requires_dist": null,
            "requires_python": REQUIRES_PYTHON,
            "summary": format!("{name} in one line"),
            "version": newest,
            "yanked": false,
            "yanked_reason": null,
        },
        "last_serial": 25_000_000,
        "ownership": {"organization": null, "roles": []},
        "releases": by_version,
        "urls": by_version.get(newest).cloned().unwrap_or_else(|| json!([])),
        "vulnerabilities": [],
    });
    body.sort_all_objects();
    body
}

/// Marks every file of a release in the document of [`project_json`] as yanked.
pub(crate) fn yank(body: &mut Value, version: &str, reason: &str) {
    let is_newest = body["info"]["version"] == version;
    let mut files: Vec<&mut Value> = Vec::new();
    let Value::Object(document) = body else {
        panic!("the document is an object")
    };
    for (key, part) in document {
        match key.as_str() {
            "releases" => files.extend(part[version].as_array_mut().into_iter().flatten()),
            "urls" if is_newest => files.extend(part.as_array_mut().into_iter().flatten()),
            "info" if is_newest => files.push(part),
            _ => {}
        }
    }
    for file in files {
        file["yanked"] = json!(true);
        file["yanked_reason"] = json!(reason);
    }
}

/// Returns the simple page as HTML (PEP 503, 592, 700). It has relative URLs with hashes, and
/// attributes for the required Python, the yank reason, and the upload time.
pub(crate) fn simple_html_page(
    name: &str,
    releases: &[(&str, &str)],
    yanked: &[(&str, &str)],
) -> String {
    let title = format!("Links for {}", normalise(name));
    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"1.4\">\n    \
         <title>{title}</title>\n  </head>\n  <body>\n    <h1>{title}</h1>\n"
    );
    for file in simple_files(name, releases, yanked) {
        let field = |key: &str| escape(file[key].as_str().unwrap_or_default());
        let yanked = match &file["yanked"] {
            Value::String(reason) => format!(" data-yanked=\"{}\"", escape(reason)),
            _ => String::new(),
        };
        let digest = file["hashes"]["sha256"].as_str().unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "    <a href=\"{}#sha256={digest}\" data-requires-python=\"{}\" data-upload-time=\"{}\"{yanked}>{}</a><br />",
            field("url"),
            field("requires-python"),
            field("upload-time"),
            field("filename"),
        );
    }
    page.push_str("  </body>\n</html>\n<!--SERIAL 25000000-->\n");
    page
}

/// Returns the simple page as JSON (PEP 691, 700, 792).
pub(crate) fn simple_json_page(
    name: &str,
    releases: &[(&str, &str)],
    yanked: &[(&str, &str)],
) -> Value {
    let versions: Vec<&str> = releases.iter().map(|(version, _)| *version).collect();
    let mut body = json!({
        "alternate-locations": [],
        "files": simple_files(name, releases, yanked),
        "meta": {"_last-serial": 25_000_000, "api-version": "1.4"},
        "name": normalise(name),
        "project-status": {"status": "active"},
        "versions": versions,
    });
    body.sort_all_objects();
    body
}

const REQUIRES_PYTHON: &str = ">=3.10";

/// Returns the files of a release in the form of the JSON API.
fn files(name: &str, version: &str, uploaded_at: &str) -> [Value; 2] {
    let stem = normalise(name).replace('-', "_");
    let wheel = format!("{stem}-{version}-py3-none-any.whl");
    let sdist = format!("{stem}-{version}.tar.gz");
    [
        (wheel, "bdist_wheel", "py3", "../.."),
        (sdist, "sdist", "source", "https://files.example"),
    ]
    .map(|(filename, packagetype, python_version, base)| {
        let digest = digest(&filename);
        json!({
            "comment_text": null,
            "core-metadata": false,
            "digests": {"blake2b_256": digest, "md5": &digest[..32], "sha256": digest},
            "downloads": -1,
            "filename": filename,
            "has_sig": false,
            "md5_digest": &digest[..32],
            "packagetype": packagetype,
            "python_version": python_version,
            "requires_python": REQUIRES_PYTHON,
            "size": 10_000 + filename.len(),
            "upload_time": uploaded_at.trim_end_matches('Z'),
            "upload_time_iso_8601": uploaded_at,
            "url": format!("{base}/packages/{}/{}/{filename}", &digest[..2], &digest[2..4]),
            "yanked": false,
            "yanked_reason": null,
        })
    })
}

/// Returns the same files in the form of a simple page, all with relative URLs.
fn simple_files(name: &str, releases: &[(&str, &str)], yanked: &[(&str, &str)]) -> Vec<Value> {
    let mut listed = Vec::new();
    for (version, uploaded_at) in releases {
        let reason = yanked
            .iter()
            .find(|(other, _)| other == version)
            .map(|(_, reason)| *reason);
        for file in files(name, version, uploaded_at) {
            let address = file["url"].as_str().unwrap_or_default();
            listed.push(json!({
                "core-metadata": false,
                "data-dist-info-metadata": false,
                "filename": file["filename"],
                "hashes": {"sha256": file["digests"]["sha256"]},
                "provenance": null,
                "requires-python": REQUIRES_PYTHON,
                "size": file["size"],
                "upload-time": uploaded_at,
                "url": address.replace("https://files.example", "../.."),
                "yanked": reason.map_or(json!(false), |reason| json!(reason)),
            }));
        }
    }
    listed
}

/// Returns 64 hexadecimal digits derived from the name: no file is ever fetched, so no real hash is
/// needed.
fn digest(filename: &str) -> String {
    let mut text = String::with_capacity(64);
    for part in 0..4_u8 {
        let mut hasher = DefaultHasher::new();
        (part, filename).hash(&mut hasher);
        // Writing to a string cannot fail.
        let _ = write!(text, "{:016x}", hasher.finish());
    }
    text
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
