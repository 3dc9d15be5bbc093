//! The JSON Schemas (2020-12): of what people write, and of what is published.

pub mod embedded;
mod canonical;
mod formats;
mod license;
mod autofix;
mod messages;
mod written;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use canonical::Form;
use jsonschema::Validator;
use jsonschema::json::Json;
use serde_json::Value;
use written::WrittenJson;

use shopfront_diagnostics::Diagnostic;
use shopfront_diagnostics::error::{Context, Error};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_json::SpannedJson;

/// Every schema, by file name.
pub struct Schemas {
    by_name: BTreeMap<String, Schema>,
}

/// One schema, with its references put in place, ready to be used.
pub struct Schema {
    /// The file's name, as in `plugin-fiab.schema.json`.
    pub name: String,
    document: Value,
    /// Compiled when it is first needed: a run uses few of them.
    compiled: OnceLock<Compiled>,
}

struct Compiled {
    validator: Validator,
    /// The same for documents of our own; compiled when the first is there.
    of_written: OnceLock<Validator<WrittenJson>>,
    form: Form,
}

impl Schemas {
    /// Reads `files`: the texts by file name.
    ///
    /// # Errors
    /// When one of them is no JSON, or names another that is not there.
    pub fn new(files: &BTreeMap<String, String>) -> Result<Schemas, Error> {
        let mut documents = BTreeMap::new();
        for (name, text) in files {
            let document: Value =
                serde_json::from_str(text).with_context(|| format!("reading schema/{name}"))?;
            documents.insert(name.as_str(), document);
        }
        let mut by_name = BTreeMap::new();
        for (name, document) in &documents {
            let document = inlined(document, document, &documents)
                .with_context(|| format!("reading schema/{name}"))?;
            by_name.insert(
                (*name).to_owned(),
                Schema {
                    name: (*name).to_owned(),
                    document,
                    compiled: OnceLock::new(),
                },
            );
        }
        Ok(Schemas { by_name })
    }

    /// The schema in the file `name`.
    ///
    /// # Errors
    /// When there is none, or it is no schema.
    pub fn get(&self, name: &str) -> Result<&Schema, Error> {
        let schema = self
            .by_name
            .get(name)
            .ok_or_else(|| Error::new(format!("there is no schema `{name}`")))?;
        if schema.compiled.get().is_none() {
            // Two threads may both compile it; one of the two results is kept, and they are the
            // same.
            let _ = schema.compiled.set(compile(name, &schema.document)?);
        }
        Ok(schema)
    }

    /// Every schema as it is published below `base`: with its url_policy as `$id`, and whole, since
    /// a reader that fetches one should need no other.
    pub fn published(&self, base: &str) -> impl Iterator<Item = (&str, Value)> {
        let address = format!("{base}schema/");
        self.by_name.values().map(move |schema| {
            let mut whole = serde_json::Map::new();
            for (key, value) in schema.document.as_object().into_iter().flatten() {
                whole.insert(key.clone(), value.clone());
                if key == "$schema" {
                    whole.insert("$id".to_owned(), format!("{address}{}", schema.name).into());
                }
            }
            // What was put in its place is not needed a second time.
            whole.shift_remove("$defs");
            (schema.name.as_str(), Value::Object(whole))
        })
    }
}

impl Schema {
    /// Every fault of `value`, the document in the file at `path`, in words of our own.
    pub fn check(&self, path: &str, value: &Value) -> Vec<Diagnostic> {
        if self.validator().is_valid(value) {
            return Vec::new();
        }
        messages::diagnostics(self, path, value)
    }

    /// Refuses a document of our own that does not keep to its schema: nothing of it is published.
    ///
    /// # Errors
    /// The first place where `value` breaks the schema.
    pub fn assert(&self, what: &str, value: &Value) -> Result<(), Error> {
        // Finding out that all is well costs half of finding out what is not.
        if self.validator().is_valid(value) {
            return Ok(());
        }
        let Err(fault) = self.validator().validate(value) else {
            return Ok(());
        };
        let message = format!(
            "{what} would break {}: {} at `{}`",
            self.name,
            fault.masked(),
            fault.instance_path()
        );
        Err(Error::new(message)
            .help("nothing was published; this is a fault of the program, not of the catalogue"))
    }

    /// As [`Schema::assert`], of a document that is written already.
    ///
    /// # Errors
    /// The first place where `document` breaks the schema.
    pub fn assert_written(&self, what: &str, document: &SpannedJson) -> Result<(), Error> {
        let compiled = self.compiled();
        if compiled.of_written.get().is_none() {
            let _ = compiled
                .of_written
                .set(validator(&self.name, &self.document)?);
        }
        if compiled
            .of_written
            .get()
            .is_some_and(|it| it.is_valid(document.root()))
        {
            return Ok(());
        }
        // The words for what is wrong come from the usual form; should the two not agree, that is
        // said as well.
        let value = serde_json::from_str(document.text())
            .with_context(|| format!("reading {what} again"))?;
        self.assert(what, &value)?;
        Err(Error::new(format!("{what} would break {}", self.name))
            .help("nothing was published; this is a fault of the program"))
    }

    /// The first place where `value`, a document of strangers, breaks this schema, in messages;
    /// `None` when it does not.
    pub fn first_fault(&self, value: &Value) -> Option<String> {
        let fault = self.validator().validate(value).err()?;
        Some(format!("{} at `{}`", fault.masked(), fault.instance_path()))
    }

    /// Description of the documents that are valid against it.
    pub fn description(&self) -> &str {
        self.document
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The fields that every document must have.
    pub fn required(&self) -> Vec<String> {
        let required = self.document.get("required").and_then(Value::as_array);
        required
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    /// `value` as `fmt` writes it: keys in the order of this schema, names and addresses in their
    /// normal form.
    pub fn canonical(&self, value: &Value) -> String {
        self.compiled().form.text(value)
    }

    /// Returns `true` if `text` is [`Schema::canonical`] of `value`; most documents are, and this
    /// is quicker than writing them.
    pub(crate) fn is_canonical(&self, value: &Value, text: &str) -> bool {
        self.compiled().form.is(value, text)
    }

    /// Description of the value at `pointer`, if the schema has one.
    pub fn at(&self, pointer: &Pointer) -> Option<&Value> {
        let mut schema = &self.document;
        for step in pointer.steps() {
            schema = if step.bytes().all(|byte| byte.is_ascii_digit())
                && schema.get("items").is_some()
            {
                schema.get("items")?
            } else {
                schema
                    .get("properties")
                    .and_then(|it| it.get(&step))
                    .or_else(|| schema.get("additionalProperties"))?
            };
        }
        Some(schema)
    }

    /// The places of every document that hold a text of the format `name`, as far as its keys are known.
    pub fn places_of_format(&self, name: &str) -> Vec<Pointer> {
        let (mut found, mut open) = (Vec::new(), vec![(Pointer::root(), &self.document)]);
        while let Some((at, schema)) = open.pop() {
            if schema.get("format").and_then(Value::as_str) == Some(name) {
                found.push(at.clone());
            }
            let fields = schema.get("properties").and_then(Value::as_object);
            open.extend(
                fields
                    .into_iter()
                    .flatten()
                    .map(|(key, schema)| (at.key(key), schema)),
            );
        }
        found.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
        found
    }

    /// The schema of a part of this one, such as `/$defs/plugin`, to be used on its own.
    ///
    /// # Errors
    /// When there is no such part.
    pub fn part(&self, pointer: &str) -> Result<Schema, Error> {
        let name = format!("{}#{pointer}", self.name);
        let document = self
            .document
            .pointer(pointer)
            .cloned()
            .ok_or_else(|| Error::new(format!("there is no `{name}`")))?;
        let compiled = OnceLock::from(compile(&name, &document)?);
        Ok(Schema {
            name,
            document,
            compiled,
        })
    }

    fn validator(&self) -> &Validator {
        &self.compiled().validator
    }

    fn compiled(&self) -> &Compiled {
        self.compiled
            .get()
            .expect("a schema is handed out only when it is compiled")
    }
}

fn compile(name: &str, document: &Value) -> Result<Compiled, Error> {
    Ok(Compiled {
        validator: validator(name, document)?,
        of_written: OnceLock::new(),
        form: Form::of(document),
    })
}

fn validator<F: Json>(name: &str, document: &Value) -> Result<Validator<F>, Error> {
    formats::options()
        .build(document)
        .map_err(|cause| Error::new(format!("compiling schema/{name}: {cause}")))
}

/// `part` of `document` with every `$ref` replaced by what it points at; our schemas are not
/// recursive.
fn inlined(part: &Value, document: &Value, all: &BTreeMap<&str, Value>) -> Result<Value, Error> {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref") {
                let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
                let target = if file.is_empty() {
                    Some(document)
                } else {
                    all.get(file)
                };
                let found = target.and_then(|it| it.pointer(pointer).map(|found| (found, it)));
                let (found, owner) =
                    found.ok_or_else(|| Error::new(format!("`{reference}` points at nothing")))?;
                return inlined(found, owner, all);
            }
            let mut plain = serde_json::Map::with_capacity(members.len());
            for (key, value) in members {
                // Examples are data, not schema: a `$ref` in one of them would mean nothing.
                let value = if key == "examples" {
                    value.clone()
                } else {
                    inlined(value, document, all)?
                };
                plain.insert(key.clone(), value);
            }
            Ok(Value::Object(plain))
        }
        Value::Array(items) => Ok(Value::Array(
            items
                .iter()
                .map(|item| inlined(item, document, all))
                .collect::<Result<_, _>>()?,
        )),
        plain => Ok(plain.clone()),
    }
}
