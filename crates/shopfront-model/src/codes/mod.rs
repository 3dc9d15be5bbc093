//! Codes of the readers of packages and of hosts' files, and text checks for every reader: one
//! file per code.
//!
//! They are below the rules, because readers know neither the whole catalogue nor the answers of
//! registries. The table of all codes is in the rules.

pub mod ambiguous_manifest;
pub mod bad_library_name;
pub mod bad_manifest_value;
pub mod bidirectional_character;
pub mod blank_text;
pub mod control_character;
pub mod core_node_type;
pub mod credentials_in_flow;
pub mod incomplete_record;
pub mod invisible_character;
pub mod malformed_flow;
pub mod malformed_manifest;
pub mod missing_keyword;
pub mod missing_manifest_field;
pub mod missing_member;
pub mod name_mismatch;
pub mod no_amd_module;
pub mod no_license;
pub mod old_manifest;
pub mod reserved_id;
pub mod shadowing_module;
pub mod skipped_member;
pub mod too_many_marks;
pub mod undeclared_capability;
pub mod undeclared_dependency;
pub mod undeclared_module;
pub mod unknown_manifest_field;
pub mod unloaded_interface;
pub mod unrenderable_description;
pub mod wrong_hash;

use serde_json::Value;

use shopfront_diagnostics::pointer::field_name;
use shopfront_diagnostics::{Diagnostic, Location};
use shopfront_json as json;
use shopfront_text::{self as text, Hidden, HiddenKind};

/// Returns the diagnostic for an invisible character in the text at `place`, which messages call
/// `name`.
pub fn hidden_character(place: Location, name: &str, hidden: Hidden) -> Diagnostic {
    match hidden.kind {
        HiddenKind::Control => control_character::diagnostic(place, name, hidden.character),
        HiddenKind::Bidirectional => {
            bidirectional_character::diagnostic(place, name, hidden.character)
        }
        HiddenKind::Mark => too_many_marks::diagnostic(place, name, hidden),
        HiddenKind::Invisible | HiddenKind::Private | HiddenKind::Unassigned => {
            invisible_character::diagnostic(place, name, hidden)
        }
    }
}

/// Returns diagnostics for hidden characters in the keys and texts of `value`, the document at
/// `path`. Only the first of each text is reported; line breaks and indentation are allowed.
pub fn hidden_characters(path: &str, value: &Value) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    json::texts(value, &mut |at, part, text| {
        if let Some(hidden) = text::hidden(text).find(|it| !it.ends_or_indents()) {
            found.push(hidden_character(
                Location::part(path, at.clone(), part),
                &field_name(at),
                hidden,
            ));
        }
    });
    found
}

/// Returns an untrusted text for a message: one line of limited length, without control
/// characters.
pub fn one_line(text: &str) -> String {
    text::one_line(text, 160)
}
