//! JSON document in a package, as parsed by Python's `json`, with the location of every value.

use serde_json::Value;

use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Diagnostic, Location, Part};
use shopfront_json::{self as json, Fault, Node};
use shopfront_model::bundle::Bundle;
use shopfront_model::codes::ambiguous_manifest;
use shopfront_model::codes::malformed_manifest;
use shopfront_text::one_line;

/// A stranger's document may repeat its keys a thousand times.
const MOST_REPEATED: usize = 20;

/// A document of a package.
pub(super) struct Document<'b> {
    bundle: &'b Bundle,
    member: String,
    root: Node,
    /// Parsed value. A repeated key has its last value, as in Python.
    pub(super) value: Value,
}

impl<'b> Document<'b> {
    /// Returns the document in `member` with diagnostics for duplicate keys, or the diagnostics
    /// of an invalid document.
    pub(super) fn read(
        bundle: &'b Bundle,
        member: &str,
    ) -> Result<(Document<'b>, Vec<Diagnostic>), Vec<Diagnostic>> {
        let text = text_of(bundle, member)?;
        if json::weight(text.as_bytes()).values > json::MAX_VALUES {
            let message = format!(
                "`{}` has more than {} values",
                one_line(member, 120),
                json::MAX_VALUES
            );
            let fault =
                malformed_manifest::diagnostic(bundle.whole_member(member), "not read", message);
            return Err(vec![
                fault.help("take out of it what no installer reads, and pack it again"),
            ]);
        }
        let root = json::parse(text).map_err(|fault| vec![no_json(bundle, member, fault)])?;
        let repeated = json::duplicates(&root)
            .iter()
            .take(MOST_REPEATED)
            .map(|it| repeated(bundle, member, it))
            .collect();
        let value = root.clone().into_value();
        Ok((
            Document {
                bundle,
                member: member.to_owned(),
                root,
                value,
            },
            repeated,
        ))
    }

    /// Returns the location of the value at `pointer`. If it does not exist, returns the opening
    /// bracket of the nearest enclosing value.
    pub(super) fn place(&self, pointer: &str) -> Location {
        let pointer = Pointer::new(pointer);
        let part = if self
            .value
            .pointer(pointer.as_str())
            .is_some_and(|it| !it.is_object() && !it.is_array())
        {
            Part::Value
        } else {
            Part::Opening
        };
        self.bundle
            .place(&self.member, json::span(&self.root, &pointer, part))
    }
}

/// Returns the text of `member`, which the server decodes as UTF-8.
pub(super) fn text_of<'b>(bundle: &'b Bundle, member: &str) -> Result<&'b str, Vec<Diagnostic>> {
    let Some(bytes) = bundle.bytes(member) else {
        let message = format!(
            "`{}` is damaged, or larger than the store reads",
            one_line(member, 120)
        );
        let fault =
            malformed_manifest::diagnostic(bundle.whole_member(member), "not read", message);
        return Err(vec![
            fault.help("take out of it what no installer reads, and pack it again"),
        ]);
    };
    std::str::from_utf8(bytes).map_err(|fault| {
        let at = fault.valid_up_to();
        let message = format!(
            "`{}` is not UTF-8: byte {} is no part of a character",
            one_line(member, 120),
            at + 1
        );
        vec![
            malformed_manifest::diagnostic(bundle.whole_member(member), "not text", message)
                .help("save it as UTF-8"),
        ]
    })
}

fn no_json(bundle: &Bundle, member: &str, fault: Fault) -> Diagnostic {
    let name = one_line(member, 120);
    // Python's `json` rejects a text that begins with U+FEFF.
    if bundle
        .text(member)
        .is_some_and(|text| text.starts_with('\u{feff}'))
    {
        let message = format!("`{name}` begins with a byte order mark");
        return malformed_manifest::diagnostic(bundle.place(member, 0..3), "U+FEFF", message)
            .help("save it as `UTF-8`, not as `UTF-8 with BOM`");
    }
    match fault {
        Fault::Syntax {
            span,
            message,
            help,
        } => malformed_manifest::diagnostic(
            bundle.place(member, span),
            "not JSON",
            format!("`{name}` is not JSON: {message}"),
        )
        .help_if(help),
        Fault::TooDeep(span) => {
            let message = format!("`{name}` nests deeper than {} levels", json::MAX_DEPTH);
            malformed_manifest::diagnostic(bundle.place(member, span), "too deep", message)
                .help("take out of it what no installer reads")
        }
    }
}

fn repeated(bundle: &Bundle, member: &str, it: &json::Duplicate) -> Diagnostic {
    let message = format!(
        "the key `{}` stands twice; the server takes the later one",
        one_line(&it.pointer.last(), 80)
    );
    ambiguous_manifest::diagnostic(bundle.place(member, it.second.clone()), "again", message)
        .with_secondary(bundle.place(member, it.first.clone()), "first here")
        .help("take one of the two out")
}
