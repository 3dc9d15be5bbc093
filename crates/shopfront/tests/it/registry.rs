//! Tests of registry response parsing: `fixtures/pypi/<case>/` contains a body and `answer.json`.
//!
//! The name of the body states its origin: `api.json` from the JSON API; `simple.json` and
//! `simple.html` as a simple page; `untold` as a page without a content type; `provenance.json` of
//! one file. All are of the project `harbour-charts`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shopfront_model::answers::Project;
use shopfront_registry::RegistryError;
use shopfront_registry::pypi::{read_json, read_provenance, read_simple};

use crate::fake_index::project_json;
use crate::golden;
use crate::scratch::fixtures;

const NAME: &str = "harbour-charts";

/// Parses the page or the document in a directory like a response.
fn read(case: &Path) -> Result<(Project, Option<String>), RegistryError> {
    let body = |name: &str| fs::read(case.join(name)).ok();
    if let Some(body) = body("api.json") {
        return read_json(&body, NAME).map(|found| (found.project, found.description));
    }
    let kinds = [
        ("simple.json", "application/vnd.pypi.simple.v1+json"),
        ("simple.html", "text/html"),
        ("untold", ""),
    ];
    let (body, content_type) = kinds
        .iter()
        .find_map(|(name, kind)| Some((body(name)?, kind)))
        .expect("a case has a body");
    read_simple(content_type, &body, NAME).map(|project| (project, None))
}

/// Renders one release per line, so that a case is readable.
fn told(read: Result<(Project, Option<String>), RegistryError>) -> String {
    let (project, description) = match read {
        Ok(read) => read,
        Err(RegistryError(why)) => return format!("{{\n  \"failure\": {}\n}}\n", Value::from(why)),
    };
    let mut lines = vec![
        format!("  \"name\": {}", Value::from(project.name.as_str())),
        format!("  \"status\": {}", Value::from(project.status.as_deref())),
        format!(
            "  \"status_reason\": {}",
            Value::from(project.status_reason.as_deref())
        ),
        format!(
            "  \"newest\": {}",
            serde_json::to_string_pretty(&project.newest)
                .unwrap()
                .replace('\n', "\n  ")
        ),
    ];
    let releases: Vec<String> = project
        .releases
        .iter()
        .map(|it| format!("    {}", serde_json::to_string(it).unwrap()))
        .collect();
    lines.push(format!("  \"releases\": [\n{}\n  ]", releases.join(",\n")));
    lines.push(format!("  \"description\": {}", Value::from(description)));
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

#[test]
fn every_body_is_understood_as_the_answer_beside_it_says() {
    let mut differences = Vec::new();
    let mut count = 0;
    for case in fs::read_dir(fixtures().join("pypi"))
        .unwrap()
        .map(|it| it.unwrap().path())
    {
        let told = match fs::read(case.join("provenance.json")) {
            Ok(body) => serde_json::to_string_pretty(&read_provenance(&body)).unwrap() + "\n",
            Err(_) => told(read(&case)),
        };
        differences.extend(golden::difference(&case.join("answer.json"), &told));
        count += 1;
    }
    golden::assert_none(&differences);
    assert!(count > 25, "only {count} cases");
}

#[test]
fn huge_texts_and_lists_are_cut() {
    let long = "b\u{1b}[2J\u{202e} é".repeat(400_000);
    let cut: String = long.chars().take(5_000).collect();
    let mut body = project_json(NAME, &[("1.0", "2025-01-01T00:00:00Z")]);
    for key in [
        "summary",
        "author",
        "license",
        "license_expression",
        "keywords",
        "description",
        "description_content_type",
    ] {
        body["info"][key] = long.as_str().into();
    }
    body["info"]["project_urls"] = (0..1_000)
        .map(|at| (format!("{at} {cut}"), json!("https://a.example/")))
        .collect();
    body["info"]["requires_dist"] = vec![json!(format!("a; {}", "x".repeat(5_000))); 5_000].into();
    body["vulnerabilities"] =
        vec![json!({"id": "PYSEC-1", "summary": cut, "aliases": vec!["a"; 900]}); 900].into();
    let file = body["releases"]["1.0"][0].clone();
    let mut many = vec![file; 3_000];
    for (at, file) in many.iter_mut().enumerate() {
        file["filename"] = format!("{at}{}.whl", "n".repeat(2_000)).into();
        file["yanked"] = true.into();
        file["yanked_reason"] = cut.as_str().into();
        file["requires_python"] = ">=3".repeat(1_000).into();
    }
    body["releases"]["1.0"] = many.into();
    body["releases"]["9".repeat(101)] = json!([]);
    body["releases"]["../../2.0"] = json!([]);
    let found = read_json(body.to_string().as_bytes(), NAME).unwrap();
    let newest = &found.project.newest;
    let length = |text: &Option<String>| text.as_ref().unwrap().chars().count();
    assert_eq!(
        (
            length(&newest.summary),
            length(&newest.author),
            length(&newest.license)
        ),
        (600, 200, 200)
    );
    assert_eq!(
        (
            newest.links.len(),
            newest.vulnerabilities.len(),
            newest.requires_dist.as_ref().unwrap().len()
        ),
        (30, 100, 500)
    );
    assert!(
        newest.keywords.len() <= 20 && newest.keywords.iter().all(|it| it.chars().count() <= 40)
    );
    assert!(found.description.as_ref().unwrap().len() <= 1 << 20);
    assert_eq!(
        found.description.as_ref().unwrap().len() as u64,
        newest.description.as_ref().unwrap().bytes
    );
    assert_eq!(found.project.releases.len(), 1);
    let release = &found.project.releases[0];
    assert_eq!(
        (
            release.files.len(),
            length(&release.yanked_reason),
            length(&release.requires_python)
        ),
        (2_000, 300, 200)
    );
    let text = serde_json::to_string(&found.project).unwrap();
    assert!(
        !text.contains("\\u001b") && !text.contains('\u{202e}') && text.len() < 2 << 20,
        "{}",
        text.len()
    );
}

#[test]
fn no_bytes_make_a_reader_panic() {
    let api = project_json(NAME, &[("1.0", "2025-01-01T00:00:00Z")]).to_string();
    let html = crate::fake_index::simple_html_page(
        NAME,
        &[("1.0", "2025-01-01T00:00:00Z")],
        &[("1.0", "é")],
    );
    for at in 0..api.len().min(2_000) {
        let _ = read_json(&api.as_bytes()[..at], NAME);
        let mut changed = api.clone().into_bytes();
        changed[at] ^= 0x55;
        let _ = read_json(&changed, NAME);
    }
    for at in 0..html.len() {
        let _ = read_simple("text/html", &html.as_bytes()[..at], NAME);
        let mut changed = html.clone().into_bytes();
        changed[at] ^= 0x15;
        let _ = read_simple("text/html", &changed, NAME);
        let _ = read_simple("", &changed, NAME);
    }
    let deep = "[".repeat(200_000);
    assert!(
        read_json(deep.as_bytes(), NAME).is_err()
            && read_simple("application/json", deep.as_bytes(), NAME).is_err()
    );
}
