//! One flow: an array of nodes, as the editor exports it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::types::CORE_TYPES;
use crate::checks;
use crate::diagnostic::{Diagnostic, Part, Place};
use crate::json::{self, Fault, Node};
use crate::pointer::Pointer;

/// Every fault of the flow `text` at `path`; `listed` are the modules of its host.
pub(super) fn check(path: &str, text: &str, listed: &BTreeSet<&str>) -> Vec<Diagnostic> {
    let tree = match json::parse(text) {
        Ok(tree) => tree,
        Err(Fault::Syntax { span, message, .. }) => {
            let place = Place::bytes(path, span, Pointer::root());
            return vec![checks::malformed_flow::found(place, "no JSON", format!("the flow is no JSON: {message}"))];
        }
        Err(Fault::TooDeep(span)) => {
            let place = Place::bytes(path, span, Pointer::root());
            return vec![checks::malformed_flow::found(place, "too deep", "the flow nests too deep".to_owned())];
        }
    };
    let value = tree.clone().into_value();
    let Some(nodes) = value.as_array() else {
        return vec![checks::malformed_flow::found(Place::whole(path), "no list", "a flow is a list of nodes in `[` and `]`".to_owned())];
    };
    Flow { path, tree: &tree, nodes, listed }.faults()
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
                found.push(self.malformed(&format!("/{at}"), "no node", "a node is an object in `{` and `}`".to_owned()));
                continue;
            }
            for field in ["id", "type"] {
                if node[field].as_str().is_none_or(str::is_empty) {
                    found.push(self.malformed(&format!("/{at}/{field}"), "no text", format!("the node has no `{field}` that is a text")));
                }
            }
            if let Some(first) = node["id"].as_str().and_then(|id| ids.insert(id, at)) {
                let fault = self.malformed(&format!("/{at}/id"), "again", "two nodes have one id".to_owned());
                found.push(fault.and(self.place(&format!("/{first}/id")), "first here"));
            }
            if !node["credentials"].is_null() {
                found.push(checks::credentials_in_flow::found(self.place(&format!("/{at}/credentials"))));
            }
        }
        found.extend(self.modules());
        found
    }

    /// Nodes that are not Node-RED's own come from modules, and the flow names these.
    fn modules(&self) -> Vec<Diagnostic> {
        let config = self.nodes.iter().position(|node| node["type"] == "global-config");
        let named = config.and_then(|at| Some((at, self.nodes[at]["modules"].as_object()?)));
        if let Some((at, modules)) = named.filter(|(_, modules)| !modules.is_empty()) {
            let unknown = modules.keys().filter(|name| !self.listed.contains(name.as_str()) && name.as_str() != "node-red");
            let place = |name: &String| Pointer::new(format!("/{at}/modules")).key(name);
            return unknown.map(|name| checks::undeclared_module::not_listed(self.place(place(name).as_str()), name)).collect();
        }
        let own = |kind: &str| CORE_TYPES.contains(&kind) || kind.starts_with("subflow:");
        let foreign = self.nodes.iter().enumerate().filter_map(|(at, node)| Some((at, node["type"].as_str().filter(|kind| !own(kind))?)));
        let mut told = BTreeSet::new();
        foreign
            .filter(|(_, kind)| told.insert(*kind))
            .map(|(at, kind)| checks::undeclared_module::found(self.place(&format!("/{at}/type")), kind))
            .collect()
    }

    fn malformed(&self, pointer: &str, label: &str, message: String) -> Diagnostic {
        checks::malformed_flow::found(self.place(pointer), label, message)
    }

    fn place(&self, pointer: &str) -> Place {
        Place::bytes(self.path, json::span(self.tree, &Pointer::new(pointer), Part::Value), Pointer::new(pointer))
    }
}
