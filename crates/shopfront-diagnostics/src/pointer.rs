//! JSON Pointer (RFC 6901): how a check names a place without knowing lines.

use std::fmt;

/// A JSON Pointer; the empty one is the whole document.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Pointer {
        Pointer::default()
    }

    /// One that is written out already, as in `/source/pypi`.
    pub fn new(text: impl Into<String>) -> Pointer {
        Pointer(text.into())
    }

    /// The member `key` of the object at this place.
    #[must_use]
    pub fn key(&self, key: &str) -> Pointer {
        // RFC 6901, section 3: `~` is written `~0`, `/` is written `~1`.
        Pointer(format!(
            "{}/{}",
            self.0,
            key.replace('~', "~0").replace('/', "~1")
        ))
    }

    /// The element at `index` (from 0) of the array at this place.
    #[must_use]
    pub fn index(&self, index: usize) -> Pointer {
        Pointer(format!("{}/{index}", self.0))
    }

    /// The steps from the root, unescaped.
    pub fn steps(&self) -> impl Iterator<Item = String> + '_ {
        self.0
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
    }

    /// The last step: the name of the field, or an index; empty for the root.
    pub fn last(&self) -> String {
        self.steps().last().unwrap_or_default()
    }

    /// What holds this place; the root for the root.
    #[must_use]
    pub fn parent(&self) -> Pointer {
        Pointer(
            self.0
                .rsplit_once('/')
                .map(|(parent, _)| parent.to_owned())
                .unwrap_or_default(),
        )
    }

    /// As it is written: `/source/pypi`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// How messages call the place: "`keywords`", "an item of `keywords`", "`source.pypi`".
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
