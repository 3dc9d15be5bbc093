//! Input of rules: one snippet with the answer of its registry, one package file, or the
//! catalogue as it was.

use std::str::FromStr;

use pep440_rs::Version;

use shopfront_archive::{Anomaly, AnomalyKind, ArchiveScan, Form};
use shopfront_diagnostics::{Code, Diagnostic, Location, Needs, Severity};
use shopfront_model::adapter::Adapter;
use shopfront_model::adapter::HostVersions;
use shopfront_model::answers::{Answer, ProjectKey, Release, ReleaseStatus};
use shopfront_model::bundle::Bundle;
use shopfront_model::catalogue::{Catalogue, CatalogueSnapshot, Host, Snippet};
use shopfront_model::codes;
use shopfront_package::file_name::{FileName, WheelName};
use shopfront_package::metadata::{Field, Metadata};
use shopfront_package::modules::{Module, ModuleKind};
use shopfront_package::{Package, ParseIssue};
use shopfront_text as text;
use shopfront_text::names::normal_project;

/// One snippet with all that can be held against it.
pub struct AnswerContext<'c> {
    /// Host of the snippet.
    pub host: &'c Host,
    /// The versions of its host.
    pub versions: &'c HostVersions,
    /// The snippet.
    pub snippet: &'c Snippet,
    /// Answer of the registry.
    pub answer: &'c Answer,
}

/// A project that a file of the catalogue names, with what its registry said.
pub struct ProjectContext<'c> {
    /// Name of the project.
    pub name: &'c str,
    /// Location of the name.
    pub place: Location,
    /// Answer of the registry.
    pub answer: &'c Answer,
    /// `true` for the project of a host application, `false` for a plugin.
    pub is_host: bool,
}

impl<'c> ProjectContext<'c> {
    /// The project of a plugin.
    pub(super) fn of_plugin(case: &AnswerContext<'c>) -> ProjectContext<'c> {
        ProjectContext {
            name: &case.snippet.source.name,
            place: case.snippet.source_place(),
            answer: case.answer,
            is_host: false,
        }
    }

    /// The own project of `host`.
    pub(super) fn of_host(host: &Host, answer: &'c Answer) -> ProjectContext<'c> {
        ProjectContext {
            name: &answer.name,
            place: Location::value(&host.path, host.adapter.host_project_place()),
            answer,
            is_host: true,
        }
    }

    pub(super) fn newest(&self) -> Option<(&'c Release, ReleaseStatus)> {
        self.answer.found()?.newest_release()
    }

    /// `for_plugin`, or `for_host` of the own project of a host.
    pub(super) fn told(&self, for_plugin: &'static str, for_host: &'static str) -> &'static str {
        if self.is_host { for_host } else { for_plugin }
    }
}

/// The catalogue as it was, and as it is.
pub struct HistoryContext<'c> {
    /// As it was.
    pub before: &'c CatalogueSnapshot<'c>,
    /// As it is.
    pub after: &'c CatalogueSnapshot<'c>,
}

impl<'c> AnswerContext<'c> {
    pub(super) fn newest(&self) -> Option<(&'c Release, ReleaseStatus)> {
        self.answer.found()?.newest_release()
    }

    /// Requirements of the newest release, if the registry states them.
    pub(super) fn requirements(&self) -> Option<&'c [String]> {
        let project = self.answer.found()?;
        let (release, _) = project.newest_release()?;
        project.facts_of(release)?.requires_dist.as_deref()
    }
}

/// One package file with all that can be held against it.
pub struct PackageContext<'p> {
    /// The package.
    pub package: &'p Package,
    /// The host that it is for; `None` when nobody named one and the package does not show it.
    pub host: Option<&'p Host>,
    /// The versions of that host.
    pub versions: &'p HostVersions,
    /// The store that it goes into.
    pub catalogue: &'p Catalogue,
}

impl<'p> PackageContext<'p> {
    /// Returns `true` if the host is known and its kind satisfies `does`.
    pub(super) fn is_of_host(&self, does: impl Fn(&dyn Adapter) -> bool) -> bool {
        self.host.is_some_and(|host| does(host.adapter.as_ref()))
    }

    /// The metadata, where all of it could be read: of other metadata nobody can say what it lacks.
    pub(super) fn metadata(&self) -> Option<&'p Metadata> {
        self.package
            .metadata
            .as_ref()
            .filter(|metadata| metadata.is_whole)
    }

    /// What readers do not see of the fields of its metadata, the first of each. What a store shows
    /// of them is cleaned, so it is a warning.
    pub(super) fn hidden_in_metadata(&self) -> impl Iterator<Item = Diagnostic> {
        let member = self.package.metadata_member().unwrap_or_default();
        let fields = self
            .package
            .metadata
            .iter()
            .flat_map(|metadata| &metadata.fields);
        let fields = fields.filter(|field| !field.name.eq_ignore_ascii_case("Description"));
        fields.filter_map(move |field| {
            let hidden = text::hidden(&field.value).find(|it| !it.ends_or_indents())?;
            let at = field.bytes.start + hidden.at;
            let is_as_written = field.bytes.len() == field.value.len();
            let bytes = if is_as_written {
                at..at + hidden.character.len_utf8()
            } else {
                field.bytes.clone()
            };
            let found = codes::hidden_character(
                self.package.place(&member, bytes),
                &format!("the field `{}`", field.name),
                hidden,
            );
            Some(Diagnostic {
                severity: Severity::Warning,
                needs: Needs::Package,
                ..found
            })
        })
    }

    /// The host application's own project.
    pub(super) fn host_project(&self) -> Option<ProjectKey> {
        self.host?.adapter.host_project()
    }

    /// Returns `true` if the package registers in the entry-point group of its host.
    pub(super) fn declares_entry_point(&self) -> bool {
        let groups = self
            .host
            .map(|host| host.adapter.entry_point_groups())
            .unwrap_or_default();
        self.package
            .entry_points
            .iter()
            .flat_map(|it| &it.all)
            .any(|it| groups.contains(&it.group))
    }

    /// The project that the package is of, in the registry's normal form.
    pub(super) fn project(&self) -> String {
        let name = self.metadata().and_then(|metadata| metadata.value("Name"));
        normal_project(name.unwrap_or_else(|| self.package.file_name.distribution()))
    }

    pub(super) fn version(&self) -> Option<Version> {
        let written = self
            .metadata()
            .and_then(|metadata| metadata.value("Version"));
        Version::from_str(written.unwrap_or_else(|| self.package.file_name.version())).ok()
    }

    /// The name of the wheel, when it is one whose list of members is whole. Of another package
    /// nobody can say what it does not hold.
    pub(super) fn whole_wheel(&self) -> Option<&'p WheelName> {
        match &self.package.file_name {
            FileName::Wheel(name) if self.package.is_listed_whole() => Some(name),
            _ => None,
        }
    }

    /// The module that is called like the project.
    pub(super) fn own_module(&self) -> Option<&'p Module> {
        let project = self.project();
        self.package.modules.iter().find(|module| {
            module.kind != ModuleKind::Namespace && normal_project(&module.name) == project
        })
    }

    /// Location of `field` of the metadata.
    pub(super) fn place_of(&self, field: &Field) -> Location {
        match self.package.metadata_member() {
            Some(member) => self.package.place(&member, field.bytes.clone()),
            None => self.package.whole(),
        }
    }

    /// Diagnostic for a parse issue in the text of `member`.
    pub(super) fn flaw(
        &self,
        code: &'static Code,
        member: &str,
        flaw: &ParseIssue,
        label: &str,
    ) -> Diagnostic {
        code.at(
            self.package.place(member, flaw.bytes.clone()),
            label,
            flaw.says.clone(),
        )
        .help_if(flaw.help.clone())
    }

    /// The metadata as a whole, for what it does not say.
    pub(super) fn whole_metadata(&self) -> Location {
        self.package.metadata_member().map_or_else(
            || self.package.whole(),
            |member| self.package.whole_member(&member),
        )
    }
}

/// One archive with all that is odd about it.
pub struct ArchiveContext<'p> {
    /// As it was named.
    pub path: &'p str,
    /// Contents of the archive.
    pub scan: &'p ArchiveScan,
    /// `true` for a source distribution for Python.
    pub is_sdist: bool,
    form: Form,
    tool: &'static str,
}

impl<'p> ArchiveContext<'p> {
    /// The archive of a package for Python.
    pub fn of_package(package: &'p Package) -> ArchiveContext<'p> {
        let is_sdist = matches!(package.file_name, FileName::Sdist(_));
        let form = package.file_name.form();
        ArchiveContext {
            path: &package.path,
            scan: &package.scan,
            is_sdist,
            form,
            tool: "`python -m build`",
        }
    }

    /// The archive of a package of another kind.
    pub fn of_bundle(bundle: &'p Bundle) -> ArchiveContext<'p> {
        ArchiveContext {
            path: &bundle.path,
            scan: &bundle.scan,
            is_sdist: false,
            form: bundle.form,
            tool: bundle.tool,
        }
    }

    /// The archive as a whole.
    pub(super) fn whole(&self) -> Location {
        Location::whole(self.path)
    }

    /// Tool that builds such archives, for messages.
    pub(super) fn tool(&self) -> &'static str {
        self.tool
    }

    /// Help for an unreadable archive, with the form that such archives have.
    pub(super) fn form_help(&self) -> String {
        let form = match self.form {
            Form::Zip => "a zip of stored and deflated members",
            Form::TarGz => "a gzipped tar",
            Form::Tar => "a plain tar",
            Form::Rpm => "an RPM package",
        };
        let file = self.path.rsplit(['/', '\\']).next().unwrap_or_default();
        let ending = if file.ends_with(".tar.gz") {
            "tar.gz"
        } else {
            file.rsplit('.').next().unwrap_or_default()
        };
        format!(
            "build it again with {}, or fetch it again: a `.{}` file is {form}",
            self.tool,
            shown_name(ending)
        )
    }

    /// Anomalies of this kind.
    pub(super) fn anomalies(&self, kind: AnomalyKind) -> impl Iterator<Item = &Anomaly> {
        self.scan
            .anomalies
            .iter()
            .filter(move |anomaly| anomaly.kind == kind)
    }

    /// The same, as messages.
    pub(super) fn odd_messages(&self, kind: AnomalyKind) -> impl Iterator<Item = String> {
        self.anomalies(kind).map(odd_message)
    }
}

/// An anomaly in words that stand alone.
pub(super) fn odd_message(anomaly: &Anomaly) -> String {
    match &anomaly.member {
        Some(name) => format!(
            "the member `{}` {}",
            shown_name(name),
            shown_name(&anomaly.says)
        ),
        None => format!("the archive {}", anomaly.says),
    }
}

/// The name of a member, fit to stand in a message: what can not be seen is spelled out, for it is
/// what matters here.
pub(super) fn shown_name(name: &str) -> String {
    shopfront_text::spelled(name)
}
