//! What a dotted name finds in a wheel once it is installed.

use super::Package;
use super::modules::installed_path;
use crate::archive::Survey;

/// What a dotted name finds in a wheel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'p> {
    /// Source, in this member.
    Source(&'p str),
    /// A compiled module, or a folder without `__init__`: something is there, and no text of it.
    Opaque,
    /// Nothing.
    Nothing,
}

/// What importing `module` finds in `package`.
pub fn find<'p>(package: &'p Package, module: &str) -> Found<'p> {
    let stem = module.replace('.', "/");
    let below = |member: &'p str| installed_path(member)?.strip_prefix(stem.as_str()).map(|rest| (member, rest));
    let mut is_there = false;
    for (member, rest) in names(&package.survey).filter_map(below) {
        if rest == ".py" || rest == "/__init__.py" {
            return Found::Source(member);
        }
        let is_compiled = rest.ends_with(".so") || rest.ends_with(".pyd") || rest.ends_with(".pyc");
        is_there |= rest.starts_with('/') || (rest.starts_with('.') && is_compiled && !rest.contains('/'));
    }
    if is_there { Found::Opaque } else { Found::Nothing }
}

/// Whether `name` lies as a file in the folder of the package `module`: what is data there can be named like an attribute.
pub fn is_data_of(package: &Package, module: &str, name: &str) -> bool {
    let wanted = format!("{}/{name}", module.replace('.', "/"));
    names(&package.survey).any(|member| installed_path(member) == Some(wanted.as_str()))
}

fn names(survey: &Survey) -> impl Iterator<Item = &str> {
    survey.files().map(|member| member.name.as_str())
}
