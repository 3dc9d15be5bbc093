//! A snippet made of what a package says and what a person says: nothing is guessed, and what could
//! not be had is told.

mod refresh;

pub use refresh::{Refreshed, refresh};

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use shopfront_check::schema::Schema;
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Diagnostic, Span};
use shopfront_package::facts::Facts;
use shopfront_text as text;

/// What a person says of a plugin; it goes before what the package says.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// Fields with one value, by their name in a snippet.
    pub texts: BTreeMap<&'static str, String>,
    /// Fields with several.
    pub lists: BTreeMap<&'static str, Vec<String>>,
}

/// A snippet that is not written yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its fields.
    pub fields: Map<String, Value>,
    /// What the package says and a snippet can not.
    pub left_out: Vec<OmittedField>,
    /// Fields that stand in the package under another name, so that a person should look at them.
    pub borrowed: Vec<String>,
}

/// A value that a snippet can not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OmittedField {
    /// The field: `homepage`.
    pub field: String,
    /// Why, in words.
    pub why: String,
}

/// What a package says beyond its [`Facts`].
#[derive(Default)]
pub struct DraftInput<'m> {
    /// Where its releases are.
    pub source: Value,
    /// The module that its host loads.
    pub module: Option<&'m str>,
    /// Fields of the kind's own snippets.
    pub fields: BTreeMap<&'static str, Value>,
}

/// The snippet of a package with these `facts`; `schema` is that of the host's snippets.
///
/// What the package says is left out where the schema refuses it; what a person says stays, and the
/// checks tell them.
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
    // A second link to one page tells nobody anything.
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
    /// The file, in its canonical form.
    pub fn text(&self, schema: &Schema) -> String {
        schema.canonical(&Value::Object(self.fields.clone()))
    }

    /// The fields that `schema` wants and this draft does not have.
    pub fn missing(&self, schema: &Schema) -> Vec<String> {
        schema
            .required()
            .into_iter()
            .filter(|field| !self.fields.contains_key(field))
            .collect()
    }
}

/// Takes out what the schema refuses: an item of a list where that is enough, else the field.
fn leave_out(fields: &mut Map<String, Value>, schema: &Schema) -> Vec<OmittedField> {
    let mut left_out = Vec::new();
    // Each round takes something out, so this ends; the last round finds only what is missing.
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
        // A list that is too long is told once, with the length that it had.
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

/// The place of a fault in the document; `None` for a fault of the whole, such as a field that is
/// missing.
fn target(fault: &Diagnostic) -> Option<Pointer> {
    let pointer = match &fault.primary.place.spot {
        Span::At(pointer, _) | Span::Bytes(_, pointer) => pointer.clone(),
        Span::Whole => return None,
    };
    let is_inside = pointer.steps().next().is_some();
    is_inside.then_some(pointer)
}
