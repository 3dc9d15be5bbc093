//! One flow: an array of nodes, as exported by the editor.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::{Map, Value, json};

use super::types::CORE_TYPES;
use super::{Listed, NAME};
use shopfront_diagnostics::pointer::Pointer;
use shopfront_diagnostics::{Diagnostic, Location, Part, few_of_each, first_few};
use shopfront_json::{self as json, Fault, Node};
use shopfront_model::codes;
use shopfront_text::digest;

/// How many faults of each kind are told of one flow: one with more was not made by hand.
pub(super) const MOST_OF_ONE_FLOW: usize = 20;

/// The faults of the flow `text` at `path`, [`MOST_OF_ONE_FLOW`] of each kind; `listed` are the modules of its host.
pub(super) fn check(path: &str, text: &str, listed: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let tree = match json::parse(text) {
        Ok(tree) => tree,
        Err(Fault::Syntax { span, message, .. }) => {
            let place = Location::bytes(path, span, Pointer::root());
            return vec![codes::malformed_flow::diagnostic(
                place,
                "no JSON",
                format!("the flow is no JSON: {message}"),
            )];
        }
        Err(Fault::TooDeep(span)) => {
            let place = Location::bytes(path, span, Pointer::root());
            return vec![codes::malformed_flow::diagnostic(
                place,
                "too deep",
                "the flow nests too deep".to_owned(),
            )];
        }
    };
    let value = tree.clone().into_value();
    let Some(nodes) = value.as_array() else {
        return vec![codes::malformed_flow::diagnostic(
            Location::whole(path),
            "no list",
            "a flow is a list of nodes in `[` and `]`".to_owned(),
        )];
    };
    let mut found = Flow {
        path,
        tree: &tree,
        nodes,
        listed,
    }
    .faults();
    found.extend(codes::hidden_characters(path, &value));
    few_of_each(found, MOST_OF_ONE_FLOW)
}

/// Reports nodes of the flow `text` at `path` whose type belongs to none of the modules that the
/// flow names. A named module without an inspected package may have any type.
pub(super) fn check_types(
    path: &str,
    text: &str,
    modules: &BTreeMap<&str, Listed<'_>>,
) -> Vec<Diagnostic> {
    let Ok(tree) = json::parse(text) else {
        return Vec::new();
    };
    let value = tree.clone().into_value();
    let nodes = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let Some((_, named)) = named_modules(nodes) else {
        return Vec::new();
    };
    let named: Option<Vec<&Listed<'_>>> = named
        .keys()
        .filter(|name| *name != NAME)
        .map(|name| modules.get(name.as_str()))
        .collect();
    let Some(named) = named.filter(|named| !named.is_empty()) else {
        return Vec::new();
    };
    let has = |listed: &Listed<'_>, kind: &str| listed.module.types.iter().any(|name| name == kind);
    let of_another = foreign_types(nodes)
        .into_iter()
        .filter(|(_, kind)| !named.iter().any(|listed| has(listed, kind)));
    first_few(of_another.collect(), MOST_OF_ONE_FLOW, |(at, kind)| {
        let pointer = Pointer::new(format!("/{at}/type"));
        let place = Location::bytes(path, json::span(&tree, &pointer, Part::Value), pointer);
        let owners = modules
            .iter()
            .filter(|(_, listed)| has(listed, kind))
            .map(|(name, _)| *name);
        codes::undeclared_module::of_another(place, kind, owners.collect::<Vec<_>>().as_slice())
    })
}

/// Returns the flow `text` called `name` with the modules of its nodes added. Returns `None` if
/// none is missing, or if a type belongs to no listed module or to several.
pub(super) fn completed(
    name: &str,
    text: &str,
    modules: &BTreeMap<&str, Listed<'_>>,
) -> Option<String> {
    let tree = json::parse(text).ok()?;
    let value = tree.clone().into_value();
    let nodes = value.as_array()?;
    let config = nodes.iter().position(|node| node["type"] == CONFIG);
    let mut named: Map<String, Value> = config
        .and_then(|at| nodes[at]["modules"].as_object())
        .cloned()
        .unwrap_or_default();
    // A named module without an inspected package may have any type.
    if named
        .keys()
        .any(|module| module != NAME && !modules.contains_key(module.as_str()))
    {
        return None;
    }
    let before = named.len();
    for (_, kind) in foreign_types(nodes) {
        let mut owners = modules
            .iter()
            .filter(|(_, listed)| listed.module.types.iter().any(|name| name == kind));
        let (owner, listed) = owners.next().filter(|_| owners.next().is_none())?;
        named.entry(*owner).or_insert_with(|| listed.version.into());
    }
    if named.len() == before {
        return None;
    }
    // The rest of the text stays as its author wrote it.
    let put =
        |at: Range<usize>, new: &str| format!("{}{new}{}", &text[..at.start], &text[at.end..]);
    let Some(at) = config else {
        let node =
            json!({ "id": free_id(name, nodes), "type": CONFIG, "env": [], "modules": named });
        let opening = json::span(&tree, &Pointer::root(), Part::Opening).end;
        let new = if text[opening..]
            .trim_start_matches(' ')
            .starts_with(['\n', '\r'])
        {
            format!("\n    {node},")
        } else {
            format!("{node},")
        };
        return Some(put(opening..opening, &new));
    };
    let pointer = Pointer::new(format!("/{at}/modules"));
    if nodes[at].get("modules").is_some() {
        return Some(put(
            json::span(&tree, &pointer, Part::Value),
            &Value::Object(named).to_string(),
        ));
    }
    let end = json::span(&tree, &Pointer::new(format!("/{at}")), Part::Value).end - 1;
    Some(put(
        end..end,
        &format!(",\"modules\":{}", Value::Object(named)),
    ))
}

/// Type of the node that names modules.
const CONFIG: &str = "global-config";

/// Returns an unused id for a new node, deterministic per flow.
fn free_id(name: &str, nodes: &[Value]) -> String {
    let mut id = digest::sha256(name.as_bytes())[..16].to_owned();
    while nodes.iter().any(|node| node["id"] == id.as_str()) {
        id = digest::sha256(id.as_bytes())[..16].to_owned();
    }
    id
}

/// Returns the modules that the flow names, and the index of the node that names them.
fn named_modules(nodes: &[Value]) -> Option<(usize, &Map<String, Value>)> {
    let at = nodes.iter().position(|node| node["type"] == CONFIG)?;
    Some((at, nodes[at]["modules"].as_object()?))
}

/// Returns the node types that are not Node-RED's own, each with the index of its first node.
fn foreign_types(nodes: &[Value]) -> Vec<(usize, &str)> {
    let own = |kind: &str| CORE_TYPES.contains(&kind) || kind.starts_with("subflow:");
    let foreign = nodes
        .iter()
        .enumerate()
        .filter_map(|(at, node)| Some((at, node["type"].as_str().filter(|kind| !own(kind))?)));
    let mut told = BTreeSet::new();
    foreign.filter(|(_, kind)| told.insert(*kind)).collect()
}

struct Flow<'f> {
    path: &'f str,
    tree: &'f Node,
    nodes: &'f [Value],
    listed: &'f BTreeSet<&'f str>,
}

impl Flow<'_> {
    fn faults(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            if !node.is_object() {
                found.push(self.malformed(
                    &format!("/{at}"),
                    "no node",
                    "a node is an object in `{` and `}`".to_owned(),
                ));
                continue;
            }
            for field in ["id", "type"] {
                if node[field].as_str().is_none_or(str::is_empty) {
                    found.push(self.malformed(
                        &format!("/{at}/{field}"),
                        "no text",
                        format!("the node has no `{field}` that is a text"),
                    ));
                }
            }
            if let Some(first) = node["id"].as_str().and_then(|id| ids.insert(id, at)) {
                let fault = self.malformed(
                    &format!("/{at}/id"),
                    "again",
                    "two nodes have one id".to_owned(),
                );
                found.push(fault.with_secondary(self.place(&format!("/{first}/id")), "first here"));
            }
            if !node["credentials"].is_null() {
                found.push(codes::credentials_in_flow::diagnostic(
                    self.place(&format!("/{at}/credentials")),
                ));
            }
        }
        found.extend(self.modules());
        found
    }

    /// Checks the named modules: node types that are not Node-RED's own come from modules, which
    /// the flow must name.
    fn modules(&self) -> Vec<Diagnostic> {
        if let Some((at, modules)) =
            named_modules(self.nodes).filter(|(_, modules)| !modules.is_empty())
        {
            let unknown = modules
                .keys()
                .filter(|name| !self.listed.contains(name.as_str()) && name.as_str() != NAME);
            let place = |name: &String| Pointer::new(format!("/{at}/modules")).key(name);
            // Each place is searched for among all keys.
            let not_listed = |name: &String| {
                codes::undeclared_module::not_listed(self.place(place(name).as_str()), name)
            };
            return first_few(unknown.collect(), MOST_OF_ONE_FLOW, not_listed);
        }
        let foreign = |(at, kind)| {
            codes::undeclared_module::diagnostic(self.place(&format!("/{at}/type")), kind)
        };
        first_few(foreign_types(self.nodes), MOST_OF_ONE_FLOW, foreign)
    }

    fn malformed(&self, pointer: &str, label: &str, message: String) -> Diagnostic {
        codes::malformed_flow::diagnostic(self.place(pointer), label, message)
    }

    fn place(&self, pointer: &str) -> Location {
        Location::bytes(
            self.path,
            json::span(self.tree, &Pointer::new(pointer), Part::Value),
            Pointer::new(pointer),
        )
    }
}
