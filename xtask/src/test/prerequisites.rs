//! Prerequisites of the steps besides Rust, Node and Python: missing ones are installed, or
//! reported with help. Only this module uses the network during a test run.

use std::path::PathBuf;

use super::Step;
use super::harness::TestHarness;
use shopfront::files;
use shopfront::processes;
use shopfront_diagnostics::error::Error;
use shopfront_text::digest;

/// Name of the step that installs.
pub(super) const INSTALL: &str = "install";

/// Minimum major version of Node for the browser tests.
const NODE_MAJOR: u32 = 20;
/// Python tools with their hashes.
const REQUIREMENTS: &str = ".github/test-requirements.txt";
/// Directory of their virtual environment, below `target/`.
const PYTHON_TOOLS: &str = "test-tools";
/// Directory of the files from which they were installed, below `target/`.
const PYTHON_WHEELS: &str = "test-tools-wheels";
/// Build backends with their hashes.
const BACKENDS: &str = "xtask/tests/fixtures/backends/requirements.txt";
/// Directory of their virtual environment, below `target/`.
const BACKEND_TOOLS: &str = "test-backends";
/// Directory with the `package.json` that pins Node-RED.
const NODE_RED: &str = "site-template/tests/hosts/node-red";
/// Directory of its installation, below `target/`.
const NODE_RED_FOLDER: &str = "test-hosts/node-red";
/// Directory with the `package.json` that pins a newer Node-RED, and its Node.
const NODE_RED_5: &str = "site-template/tests/hosts/node-red-5";
/// Directory of the installation of both, below `target/`.
const NODE_RED_5_FOLDER: &str = "test-hosts/node-red-5";
/// Directory with the `package.json` that pins Lighthouse.
const LIGHTHOUSE: &str = "site-template/tests/lighthouse";
/// Directory of its installation, below `target/`.
const LIGHTHOUSE_FOLDER: &str = "test-lighthouse";
/// Requirements of the model of FIAB's backend.
const FIAB: &str = "xtask/tests/fixtures/others/fiab/requirements.txt";
/// Directory of its virtual environment, below `target/`.
const FIAB_FOLDER: &str = "test-hosts/fiab";
/// Requirements of the builder of Fuel's plugins.
const FUEL: &str = "xtask/tests/fixtures/others/fuel/requirements.txt";
/// Source archives of the builder.
const FUEL_SOURCES: &str = "xtask/tests/fixtures/others/fuel/sources.txt";
/// Directory of its virtual environment, below `target/`.
const FUEL_FOLDER: &str = "test-hosts/fuel";
/// Directory of its source archives, below `target/`.
const FUEL_SOURCES_FOLDER: &str = "test-hosts/fuel-sources";
/// Libraries with which installers parse versions and names.
const PACKAGING: &str = "xtask/tests/fixtures/others/python/requirements.txt";
/// Directory of their virtual environment, below `target/`.
const PACKAGING_FOLDER: &str = "test-hosts/python";
/// Program names of Chromium and related browsers.
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
];

/// Prerequisite of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// `cargo fmt`
    Rustfmt,
    /// `cargo clippy`
    Clippy,
    /// Every crate of the lock file, so that the steps themselves can run offline.
    Crates,
    /// Node and npm.
    Node,
    /// Packages in `site-template/package-lock.json`.
    NodePackages,
    /// Separate installation of Node-RED.
    NodeRed,
    /// Separate installation of a newer Node-RED, with a newer Node.
    NodeRed5,
    /// Separate installation of Lighthouse.
    Lighthouse,
    /// Program that creates a certificate for a test server.
    OpenSsl,
    /// Part of FIAB's backend that reads stores.
    Fiab,
    /// Builder of Fuel's plugins, which contains the validator.
    FuelPluginBuilder,
    /// Libraries with which installers parse versions and names.
    Packaging,
    /// Browser.
    Chromium,
    /// zizmor, maturin, pre-commit and a YAML parser, in a separate environment.
    PythonTools,
    /// Python that can create virtual environments.
    Python,
    /// Build tools for the wheels of the step `backends`, in a separate environment.
    BuildBackends,
    /// Programs that the workflow scripts call and every runner has.
    WorkflowPrograms,
}

/// Prerequisite that could not be installed.
pub(super) struct Missing {
    pub(super) need: Need,
    /// Reason and help.
    pub(super) fault: String,
}

impl Need {
    /// Returns the name for messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Need::Rustfmt => "rustfmt",
            Need::Clippy => "Clippy",
            Need::Crates => "the crates of Cargo.lock",
            Need::Node => "Node",
            Need::NodePackages => "the Node packages of site-template",
            Need::NodeRed => "Node-RED",
            Need::NodeRed5 => "Node-RED 5",
            Need::Lighthouse => "Lighthouse",
            Need::OpenSsl => "OpenSSL",
            Need::Fiab => "the backend of FIAB",
            Need::FuelPluginBuilder => "fuel-plugin-builder",
            Need::Packaging => "packaging",
            Need::Chromium => "Chromium",
            Need::PythonTools => "the Python tools",
            Need::Python => "Python with `venv`",
            Need::BuildBackends => "the build backends",
            Need::WorkflowPrograms => "what the workflows call",
        }
    }

    fn provide(self, bench: &TestHarness<'_>) -> Result<(), Error> {
        match self {
            Need::Rustfmt => component(bench, "fmt", "rustfmt"),
            Need::Clippy => component(bench, "clippy", "clippy"),
            Need::Crates => crates(bench),
            Need::Node => node(bench),
            Need::NodePackages => node_packages(bench),
            Need::Lighthouse => below_target(bench, LIGHTHOUSE, LIGHTHOUSE_FOLDER),
            Need::OpenSsl => program(bench, "openssl"),
            Need::NodeRed => below_target(bench, NODE_RED, NODE_RED_FOLDER),
            Need::NodeRed5 => below_target(bench, NODE_RED_5, NODE_RED_5_FOLDER),
            Need::Fiab => environment(bench, FIAB, FIAB_FOLDER),
            Need::FuelPluginBuilder => fuel_plugin_builder(bench),
            Need::Packaging => environment(bench, PACKAGING, PACKAGING_FOLDER),
            Need::Chromium => chromium(bench),
            Need::Python => python(bench).map(drop),
            Need::PythonTools => python_tools_with_wheels(bench),
            Need::BuildBackends => environment(bench, BACKENDS, BACKEND_TOOLS),
            Need::WorkflowPrograms => workflow_programs(bench),
        }
    }
}

/// Returns the prerequisites of `steps` without duplicates.
pub(super) fn of(steps: Vec<&'static Step>) -> Vec<Need> {
    let mut needs: Vec<Need> = steps.iter().flat_map(|step| step.needs).copied().collect();
    needs.sort();
    needs.dedup();
    needs
}

/// Installs the missing ones of `needs`. Returns those that could not be installed.
pub(super) fn install(bench: &TestHarness<'_>, needs: &[Need]) -> Vec<Missing> {
    let mut missing = Vec::new();
    for need in needs {
        let Err(error) = need.provide(bench) else {
            bench.say(&format!("ready: {}", need.name()));
            continue;
        };
        let cure = error
            .cure()
            .map(|cure| format!("; {cure}"))
            .unwrap_or_default();
        let fault = format!("{}: {error}{cure}", need.name());
        bench.say(&format!("missing: {fault}"));
        missing.push(Missing { need: *need, fault });
    }
    missing
}

/// Returns the browser for the page tests.
pub(super) fn browser(bench: &TestHarness<'_>) -> Option<PathBuf> {
    bench
        .chromium
        .clone()
        .or_else(|| BROWSERS.iter().find_map(|name| processes::find(name)))
}

/// Returns the directory with Node-RED in its `node_modules`.
pub(super) fn node_red(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(NODE_RED_FOLDER)
}

/// Returns the directory with Node-RED 5 in its `node_modules`.
pub(super) fn node_red_5(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(NODE_RED_5_FOLDER)
}

/// Returns the directory with Lighthouse in its `node_modules`.
pub(super) fn lighthouse(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(LIGHTHOUSE_FOLDER)
}

/// Returns the Python of [`Need::Fiab`].
pub(super) fn fiab_python(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(FIAB_FOLDER).join("bin/python")
}

/// Returns the Python of [`Need::FuelPluginBuilder`].
pub(super) fn fuel_python(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(FUEL_FOLDER).join("bin/python")
}

/// Returns the directory with the source archives of [`Need::FuelPluginBuilder`].
pub(super) fn fuel_sources(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(FUEL_SOURCES_FOLDER)
}

/// Returns the Python of [`Need::Packaging`].
pub(super) fn packaging_python(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(PACKAGING_FOLDER).join("bin/python")
}

/// Returns the directory with the programs of [`Need::PythonTools`].
pub(super) fn python_tools(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(PYTHON_TOOLS).join("bin")
}

/// Returns the directory with the wheels of [`Need::PythonTools`], for builds and installations
/// without a network.
pub(super) fn python_wheels(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(PYTHON_WHEELS)
}

/// Returns the directory with the programs of [`Need::BuildBackends`].
pub(super) fn build_backends(bench: &TestHarness<'_>) -> PathBuf {
    bench.folder(BACKEND_TOOLS).join("bin")
}

fn component(bench: &TestHarness<'_>, command: &str, component: &str) -> Result<(), Error> {
    if bench.ask("cargo", &[command, "--version"]).is_some() {
        return Ok(());
    }
    if processes::find("rustup").is_none() {
        return Err(
            Error::new("this Rust has no such component").help("install it as you installed Rust")
        );
    }
    bench.install(&bench.root, "rustup", &["component", "add", component])
}

/// Fetches the crates of all platforms: maturin calls `cargo metadata` offline, which needs the
/// whole lock file.
fn crates(bench: &TestHarness<'_>) -> Result<(), Error> {
    bench.install(&bench.root, "cargo", &["fetch", "--locked", "--quiet"])
}

fn node(bench: &TestHarness<'_>) -> Result<(), Error> {
    let cure = format!("install Node {NODE_MAJOR} or newer, with npm");
    let version = bench
        .ask("node", &["--version"])
        .ok_or_else(|| Error::new("there is no `node`").help(&cure))?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|it| it.parse::<u32>().ok())
        .unwrap_or_default();
    if major < NODE_MAJOR {
        return Err(Error::new(format!("this is Node {version}")).help(cure));
    }
    if bench.ask("npm", &["--version"]).is_none() {
        return Err(Error::new("there is no `npm`").help(cure));
    }
    Ok(())
}

fn node_packages(bench: &TestHarness<'_>) -> Result<(), Error> {
    node(bench)?;
    let install = || {
        bench.install(
            &bench.root.join("site-template"),
            "npm",
            &["ci", "--no-audit", "--no-fund"],
        )
    };
    once_per_content(
        bench,
        "site-template/package-lock.json",
        "site-template/node_modules/.installed-of",
        install,
    )
}

/// Installs the packages in the `package.json` of `named` into a directory below `target/`, without
/// running their install scripts.
fn below_target(bench: &TestHarness<'_>, named: &str, folder_name: &str) -> Result<(), Error> {
    node(bench)?;
    once_per_content(
        bench,
        &format!("{named}/package.json"),
        &format!("target/{folder_name}/installed-of"),
        || {
            let folder = bench.empty_folder(folder_name)?;
            bench.copy_folder(named, &folder)?;
            bench.install(
                &folder,
                "npm",
                &["install", "--ignore-scripts", "--no-audit", "--no-fund"],
            )
        },
    )
}

/// Fetches the builder's own packages as source archives: no current Python can build them.
fn fuel_plugin_builder(bench: &TestHarness<'_>) -> Result<(), Error> {
    environment(bench, FUEL, FUEL_FOLDER)?;
    once_per_content(
        bench,
        FUEL_SOURCES,
        &format!("target/{FUEL_SOURCES_FOLDER}/fetched-of"),
        || {
            let folder = bench
                .empty_folder(FUEL_SOURCES_FOLDER)?
                .display()
                .to_string();
            let flags = [
                "-m",
                "pip",
                "download",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "--no-deps",
                "--no-binary=:all:",
            ];
            let python = fuel_python(bench).display().to_string();
            bench.install(
                &bench.root,
                &python,
                &[
                    &flags[..],
                    &["--dest", &folder, "--requirement", FUEL_SOURCES],
                ]
                .concat(),
            )
        },
    )
}

/// Creates a virtual environment below `target/` with exactly the contents of `requirements`, each
/// verified by its hash.
fn environment(bench: &TestHarness<'_>, requirements: &str, name: &str) -> Result<(), Error> {
    once_per_content(
        bench,
        requirements,
        &format!("target/{name}/installed-of"),
        || {
            let python = python(bench)?;
            let folder = bench.empty_folder(name)?;
            bench.install(
                &bench.root,
                &python,
                &["-m", "venv", &folder.display().to_string()],
            )?;
            let own_python = folder.join("bin/python").display().to_string();
            let flags = [
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "--no-deps",
                "--only-binary=:all:",
            ];
            bench.install(
                &bench.root,
                &own_python,
                &[&flags[..], &["--requirement", requirements]].concat(),
            )
        },
    )
}

/// Installs the tools, and keeps their wheels beside them.
fn python_tools_with_wheels(bench: &TestHarness<'_>) -> Result<(), Error> {
    environment(bench, REQUIREMENTS, PYTHON_TOOLS)?;
    once_per_content(
        bench,
        REQUIREMENTS,
        &format!("target/{PYTHON_WHEELS}/fetched-of"),
        || {
            let folder = bench.empty_folder(PYTHON_WHEELS)?.display().to_string();
            let python = python_tools(bench).join("python").display().to_string();
            let flags = [
                "-m",
                "pip",
                "download",
                "--quiet",
                "--require-hashes",
                "--no-deps",
                "--only-binary=:all:",
            ];
            bench.install(
                &bench.root,
                &python,
                &[
                    &flags[..],
                    &["--dest", &folder, "--requirement", REQUIREMENTS],
                ]
                .concat(),
            )
        },
    )
}

/// Returns a Python that can create virtual environments. Debian has this feature in a separate
/// package.
fn python(bench: &TestHarness<'_>) -> Result<String, Error> {
    let works = |name: &&str| bench.ask(name, &["-c", "import venv, ensurepip"]).is_some();
    if let Some(name) = ["python3", "python"].iter().find(|name| works(name)) {
        return Ok((*name).to_owned());
    }
    debian_package(
        bench,
        "python3-venv",
        "no Python here can make a virtual environment",
        "install Python 3.11 or newer with its module `venv`",
    )?;
    Ok("python3".to_owned())
}

fn workflow_programs(bench: &TestHarness<'_>) -> Result<(), Error> {
    ["bash", "git", "jq", "unzip"]
        .into_iter()
        .try_for_each(|name| program(bench, name))
}

/// Installs a program from Debian's package of the same name.
fn program(bench: &TestHarness<'_>, name: &str) -> Result<(), Error> {
    if processes::find(name).is_some() {
        return Ok(());
    }
    debian_package(
        bench,
        name,
        &format!("there is no `{name}`"),
        &format!("install {name}"),
    )
}

fn chromium(bench: &TestHarness<'_>) -> Result<(), Error> {
    const CURE: &str =
        "install Chromium, or name a browser of its kind: `CHROMIUM=/path/to/it cargo xtask test`";
    match browser(bench) {
        Some(path) if files::is_file(&path) => Ok(()),
        Some(path) => Err(Error::new(format!("there is no {}", path.display())).help(CURE)),
        None => debian_package(bench, "chromium", "there is no Chromium", CURE),
    }
}

/// Installs a Debian package if the user is root. Otherwise returns an error with help.
fn debian_package(
    bench: &TestHarness<'_>,
    package: &str,
    lack: &str,
    cure: &str,
) -> Result<(), Error> {
    let is_root = bench.ask("id", &["-u"]).is_some_and(|id| id == "0");
    if !is_root || processes::find("apt-get").is_none() {
        return Err(Error::new(lack).help(cure));
    }
    bench.install(&bench.root, "apt-get", &["update", "--quiet"])?;
    bench.install(
        &bench.root,
        "apt-get",
        &[
            "install",
            "--quiet",
            "--yes",
            "--no-install-recommends",
            package,
        ],
    )
}

/// Runs `install` unless the stamp file at `note` records a run for the current contents of the
/// file at `of`.
fn once_per_content(
    bench: &TestHarness<'_>,
    of: &str,
    note: &str,
    install: impl FnOnce() -> Result<(), Error>,
) -> Result<(), Error> {
    let digest = digest::sha256(bench.text(&bench.root, of)?.as_bytes());
    if bench
        .text(&bench.root, note)
        .is_ok_and(|noted| noted == digest)
    {
        return Ok(());
    }
    install()?;
    files::replace(&bench.root, note, digest.as_bytes()).map(drop)
}
