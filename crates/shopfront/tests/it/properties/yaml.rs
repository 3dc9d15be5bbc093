//! Property of the YAML parser: for any text, it terminates within its limits, and every span is
//! correct.

use shopfront_json::yaml::{
    self, Kind, MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_REPEATED, Node, yaml_1_1,
};

pub(super) fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match yaml::parse(text) {
        Ok(node) => {
            let mut size = Size::default();
            size.take(text, &node, 0);
            assert!(size.nodes <= MAX_NODES + 1, "{} nodes", size.nodes);
            // Folded or unescaped text grows at most by a tag that represents a long prefix.
            assert!(
                size.text <= MAX_BYTES + MAX_REPEATED,
                "{} bytes of text",
                size.text
            );
            let all = node
                .repeated_keys()
                .into_iter()
                .flat_map(|(first, again)| [first, again])
                .chain(node.foreign_tags());
            all.for_each(|it| {
                assert!(
                    text.get(it.bytes.clone()).is_some(),
                    "{:?} cuts a character",
                    it.bytes
                )
            });
            assert_eq!(
                node.value(yaml_1_1),
                yaml::parse(text)
                    .expect("it was read before")
                    .value(yaml_1_1)
            );
        }
        Err(fault) => {
            assert!(!fault.says.is_empty());
            assert!(
                text.get(fault.bytes.clone()).is_some(),
                "{:?} of {} bytes cuts a character: {}",
                fault.bytes,
                text.len(),
                fault.says
            );
        }
    }
}

#[derive(Default)]
struct Size {
    nodes: usize,
    text: usize,
}

impl Size {
    fn take(&mut self, whole: &str, node: &Node, depth: usize) {
        assert!(depth <= MAX_DEPTH, "it nests {depth} deep");
        assert!(
            whole.get(node.bytes.clone()).is_some(),
            "{:?} of {} bytes cuts a character",
            node.bytes,
            whole.len()
        );
        self.nodes += 1;
        match &node.kind {
            Kind::Scalar { text, .. } => self.text += text.len(),
            Kind::Sequence(items) => items
                .iter()
                .for_each(|item| self.take(whole, item, depth + 1)),
            Kind::Mapping(members) => members.iter().for_each(|(key, value)| {
                self.take(whole, key, depth + 1);
                self.take(whole, value, depth + 1);
            }),
        }
    }
}
