//! JSON Pointer (RFC 6901): a location in a document without line numbers.

use std::fmt;

/// JSON Pointer; the empty pointer is the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// Returns the pointer to the whole document.
    pub fn root() -> Pointer {
        Pointer::default()
    }

    /// Returns the pointer with this text, in the notation `/source/pypi`.
    pub fn new(text: impl Into<String>) -> Pointer {
        Pointer(text.into())
    }

    /// Returns the pointer to the member `key` of the object at this pointer.
    #[must_use]
    pub fn key(&self, key: &str) -> Pointer {
        // RFC 6901, section 3: `~` is escaped as `~0`, `/` as `~1`.
        Pointer(format!(
            "{}/{}",
            self.0,
            key.replace('~', "~0").replace('/', "~1")
        ))
    }

    /// Returns the pointer to the element `index` (from 0) of the array at this pointer.
    #[must_use]
    pub fn index(&self, index: usize) -> Pointer {
        Pointer(format!("{}/{index}", self.0))
    }

    /// Returns the steps from the root, unescaped.
    pub fn steps(&self) -> impl Iterator<Item = String> + '_ {
        self.0
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
    }

    /// Returns the last step: the name of the field, or an index; empty for the root.
    pub fn last(&self) -> String {
        self.steps().last().unwrap_or_default()
    }

    /// Returns the pointer to the enclosing value; the root for the root.
    #[must_use]
    pub fn parent(&self) -> Pointer {
        Pointer(
            self.0
                .rsplit_once('/')
                .map(|(parent, _)| parent.to_owned())
                .unwrap_or_default(),
        )
    }

    /// Returns the text of the pointer: `/source/pypi`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Returns the name of a field in messages: "`keywords`", "an item of `keywords`",
/// "`source.pypi`".
pub fn field_name(at: &Pointer) -> String {
    let steps: Vec<String> = at.steps().collect();
    let is_index = |step: &String| step.bytes().all(|byte| byte.is_ascii_digit());
    let named: Vec<&str> = steps
        .iter()
        .filter(|step| !is_index(step))
        .map(String::as_str)
        .collect();
    let name = format!("`{}`", named.join("."));
    match steps.last() {
        None => "the file".to_owned(),
        Some(last) if is_index(last) => format!("an item of {name}"),
        Some(_) => name,
    }
}
