//! Snippets from the metadata of a package and command-line values: nothing is guessed, and omitted
//! values are reported.

mod refresh;

pub use refresh::{Refreshed, refresh};

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use shopfront_check::schema::Schema;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Diagnostic, Span};
use shopfront_package::facts::Facts;
use shopfront_text as text;

/// Command-line values. They take precedence over the package.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Fields with one value, by their name in a snippet.
    pub texts: BTreeMap<&'static str, String>,
    /// Fields with several values.
    pub lists: BTreeMap<&'static str, Vec<String>>,
}

/// Snippet that is not written yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Fields of the snippet.
    pub fields: Map<String, Value>,
    /// Metadata that is not valid in a snippet.
    pub left_out: Vec<OmittedField>,
    /// Fields with another name in the package, which a person should review.
    pub borrowed: Vec<String>,
}

/// Value that is not valid in a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OmittedField {
    /// Name of the field: `homepage`.
    pub field: String,
    /// Reason.
    pub why: String,
}

/// Metadata of a package beyond its [`Facts`].
#[derive(Default)]
pub struct DraftInput<'m> {
    /// Source of its releases.
    pub source: Value,
    /// Module that its host loads.
    pub module: Option<&'m str>,
    /// Fields that only snippets of its kind have.
    pub fields: BTreeMap<&'static str, Value>,
}

/// Makes the snippet of a package with these `facts`. `schema` is the schema of the host's
/// snippets.
///
/// Omits package metadata that the schema refuses. Command-line values stay, and the checks report
/// them.
pub fn of(facts: &Facts, more: DraftInput<'_>, said: &Overrides, schema: &Schema) -> Draft {
    let mut fields = Map::new();
    let mut put = |field: &str, value: Option<Value>| {
        if let Some(value) = value {
            fields.insert(field.to_owned(), value);
        }
    };
    let links = &facts.links;
    put(
        "display_name",
        Some(facts.title.as_ref().unwrap_or(&facts.name).clone().into()),
    );
    put(
        "display_description",
        facts
            .lead
            .clone()
            .or_else(|| facts.summary.clone())
            .map(Value::from),
    );
    put("author", facts.author.clone().map(Value::from));
    put("source", Some(more.source));
    put("module_name", more.module.map(Value::from));
    // A second link to the same page is redundant.
    let homepage = links.homepage.clone().filter(|it| {
        Some(it) != links.repository.as_ref() && Some(it) != links.documentation.as_ref()
    });
    for (field, link) in [
        ("homepage", &homepage),
        ("documentation", &links.documentation),
        ("repository", &links.repository),
        ("issues", &links.issues),
    ] {
        put(field, link.clone().map(Value::from));
    }
    put("license", facts.license.clone().map(Value::from));
    for (field, value) in more.fields {
        put(field, Some(value));
    }
    put(
        "keywords",
        (!facts.keywords.is_empty()).then(|| facts.keywords.clone().into()),
    );
    fields.retain(|field, _| {
        !said.texts.contains_key(field.as_str()) && !said.lists.contains_key(field.as_str())
    });
    let mut left_out = leave_out(&mut fields, schema);
    if let (Some(free), false) = (&facts.license_text, said.texts.contains_key("license")) {
        left_out.push(OmittedField {
            field: "license".to_owned(),
            why: format!("`{}` is no SPDX expression", text::one_line(free, 60)),
        });
    }
    for (field, text) in &said.texts {
        fields.insert((*field).to_owned(), text.clone().into());
    }
    for (field, list) in &said.lists {
        fields.insert((*field).to_owned(), list.clone().into());
    }
    let is_lead = facts.lead.is_some()
        && fields.get("display_description").and_then(Value::as_str) == facts.lead.as_deref();
    let borrowed = if is_lead {
        vec![match facts.summary {
            None => "`display_description` is from the first paragraph of the long description: the package has no summary".to_owned(),
            Some(_) => "`display_description` is the first sentence of the summary, all of which is too long".to_owned(),
        }]
    } else {
        Vec::new()
    };
    Draft {
        fields,
        left_out,
        borrowed,
    }
}

impl Draft {
    /// Returns the text of the file in canonical form.
    pub fn text(&self, schema: &Schema) -> String {
        schema.canonical(&Value::Object(self.fields.clone()))
    }

    /// Returns the fields that `schema` requires and this draft lacks.
    pub fn missing(&self, schema: &Schema) -> Vec<String> {
        schema
            .required()
            .into_iter()
            .filter(|field| !self.fields.contains_key(field))
            .collect()
    }
}

/// Removes values that the schema refuses: a list item if that suffices, else the field.
fn leave_out(fields: &mut Map<String, Value>, schema: &Schema) -> Vec<OmittedField> {
    let mut left_out = Vec::new();
    // Each round removes something, so the loop ends. The last round finds only missing fields.
    loop {
        let value = Value::Object(fields.clone());
        let refused = schema
            .check("", &value)
            .into_iter()
            .filter_map(|fault| Some((target(&fault)?, fault.message)));
        let Some((pointer, why)) = refused.max_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()))
        else {
            return left_out;
        };
        let steps: Vec<String> = pointer.steps().collect();
        let list = fields.get_mut(&steps[0]).and_then(Value::as_array_mut);
        match (
            list,
            steps.get(1).and_then(|step| step.parse::<usize>().ok()),
        ) {
            (Some(list), Some(index)) if index < list.len() && list.len() > 1 => {
                drop(list.remove(index))
            }
            (Some(list), None) if list.len() > 1 => drop(list.pop()),
            _ => drop(fields.remove(&steps[0])),
        }
        // A list that is too long is reported once, with its original length.
        if !left_out
            .iter()
            .any(|known: &OmittedField| known.field == steps[0] && steps.len() == 1)
        {
            left_out.push(OmittedField {
                field: steps[0].clone(),
                why,
            });
        }
    }
}

/// Returns the pointer of the diagnostic, or `None` for one of the whole document, such as a
/// missing field.
fn target(fault: &Diagnostic) -> Option<Pointer> {
    let pointer = match &fault.primary.place.spot {
        Span::At(pointer, _) | Span::Bytes(_, pointer) => pointer.clone(),
        Span::Whole => return None,
    };
    let is_inside = pointer.steps().next().is_some();
    is_inside.then_some(pointer)
}
