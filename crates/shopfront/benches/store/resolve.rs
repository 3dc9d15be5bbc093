//! Queries of a real index for many projects, compared with curl for the same URLs. Manual only:
//! requires the network, a file with project names, and the permission of the index.

use std::fs;
use std::path::Path;

use serde_json::json;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_text::names;

use crate::generate::{pretty, settings, write};
use crate::measure::{Call, Contestant, find};

const JOBS: &[u8] = &[8, 16, 32];

/// Returns both participants for every number of concurrent requests.
pub(crate) fn contestants<'w>(
    program: &Path,
    scratch: &'w Path,
    projects: &Path,
) -> Result<Vec<Contestant<'w>>, Error> {
    let text =
        fs::read_to_string(projects).with_context(|| format!("reading {}", projects.display()))?;
    let names: Vec<String> = text
        .lines()
        .map(str::trim)
        .filter(|it| names::is_project(it))
        .map(names::normal_project)
        .collect();
    let base = std::env::var("SHOPFRONT_PYPI_URL").map_err(|_| {
        Error::new("the index to ask is not known")
            .help("set SHOPFRONT_PYPI_URL; both sides ask `<it>/pypi/<name>/json` and `<it>/simple/<name>/`")
    })?;
    let root = scratch.join("resolve/store");
    if root.exists() {
        fs::remove_dir_all(&root).with_context(|| format!("clearing {}", root.display()))?;
    }
    write(&root.join("catalogue/store.json"), &pretty(&settings()))?;
    let host = json!({ "kind": "python", "title": "Bench", "description": "Real projects.", "distribution": names.first() });
    write(&root.join("catalogue/bench/host.json"), &pretty(&host))?;
    for name in &names {
        let snippet = json!({
            "display_name": name, "display_description": "A real project.", "author": "Its authors",
            "source": { "pypi": name }, "module_name": name.replace(['-', '.'], "_"),
        });
        write(
            &root.join("catalogue/bench").join(format!("{name}.json")),
            &pretty(&snippet),
        )?;
    }
    let downloads = scratch.join("resolve/curl");
    let lines = names.iter().map(|name| {
        let (base, file) = (base.trim_end_matches('/'), downloads.join(name));
        let both = [
            (format!("{base}/pypi/{name}/json"), "json"),
            (format!("{base}/simple/{name}/"), "page"),
        ];
        both.map(|(url, ending)| {
            format!(
                "url = \"{url}\"\noutput = \"{}.{ending}\"\n",
                file.display()
            )
        })
        .concat()
    });
    write(
        &scratch.join("resolve/curl.txt"),
        &lines.collect::<String>(),
    )?;
    fs::create_dir_all(&downloads).with_context(|| format!("making {}", downloads.display()))?;
    let mut contestants = Vec::new();
    for jobs in JOBS {
        let jobs = jobs.to_string();
        let ours = Call::new(program, &root).arguments(["resolve", "--refresh", "--jobs", &jobs]);
        let clear = || match fs::remove_dir_all(scratch.join("resolve/store/answers")) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                Err(fault).with_context(|| "clearing answers".to_owned())
            }
            _ => Ok(()),
        };
        contestants
            .push(Contestant::program(format!("resolve, {jobs} at once"), ours).after(clear));
        if let Some(curl) = find("curl", "BENCH_CURL") {
            let call = Call::new(curl, &root)
                .arguments([
                    "--silent",
                    "--show-error",
                    "--compressed",
                    "--parallel",
                    "--parallel-max",
                    &jobs,
                    "--config",
                ])
                .arguments([scratch.join("resolve/curl.txt")]);
            contestants.push(Contestant::program(
                format!("curl --parallel, {jobs} at once"),
                call,
            ));
        }
    }
    Ok(contestants)
}
