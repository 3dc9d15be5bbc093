//! Names that an entry newly claims, each with its current holder.

use serde_json::Value;

use super::FieldChange;
use shopfront_model::catalogue::{CatalogueSnapshot, EntryKey};
use shopfront_model::register::{HeldAs, Holder, Register};

/// Name that an entry newly claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenName {
    /// The name.
    pub name: String,
    /// Use of the name: [`HeldAs::FormerId`] or [`HeldAs::DisplayName`].
    pub held_as: HeldAs,
    /// Another entry that has this name or a confusable one, before or after the change.
    pub other: Option<Holder>,
}

/// Names and their holders on both sides of a change.
pub(super) struct Names {
    before: Register,
    after: Register,
}

impl Names {
    pub(super) fn of(before: &CatalogueSnapshot<'_>, after: &CatalogueSnapshot<'_>) -> Names {
        Names {
            before: Register::of(before.catalogue),
            after: Register::of(after.catalogue),
        }
    }

    /// Returns the names that the entry `key` claims by `fields`. `old` is its key before the
    /// change.
    pub(super) fn taken(
        &self,
        fields: &[FieldChange],
        old: &EntryKey,
        key: &EntryKey,
    ) -> Vec<TakenName> {
        fields
            .iter()
            .flat_map(|field| self.taken_by(field, old, key))
            .collect()
    }

    fn taken_by(&self, field: &FieldChange, old: &EntryKey, key: &EntryKey) -> Vec<TakenName> {
        let host = key.host.as_str();
        let is_other = |it: &&Holder| it.host != host || (it.id != old.id && it.id != key.id);
        match (field.pointer.as_str(), &field.to) {
            ("/formerly", Value::Array(ids)) => {
                let had = field.from.as_array().map(Vec::as_slice).unwrap_or_default();
                let new = ids
                    .iter()
                    .filter(|id| !had.contains(id))
                    .filter_map(Value::as_str)
                    .filter(|id| *id != old.id);
                let other = |id: &str| {
                    let claim = Register::id(id);
                    self.before
                        .holders(host, &claim)
                        .chain(self.after.holders(host, &claim))
                        .find(is_other)
                        .cloned()
                };
                new.map(|id| TakenName {
                    name: id.to_owned(),
                    held_as: HeldAs::FormerId,
                    other: other(id),
                })
                .collect()
            }
            ("/display_name", Value::String(name)) => {
                // Names of all hosts appear in one list.
                let claim = self.after.display_name(host, name);
                let other = self
                    .before
                    .anywhere(&claim)
                    .chain(self.after.anywhere(&claim))
                    .find(is_other)
                    .cloned();
                vec![TakenName {
                    name: name.clone(),
                    held_as: HeldAs::DisplayName,
                    other,
                }]
            }
            _ => Vec::new(),
        }
    }
}
