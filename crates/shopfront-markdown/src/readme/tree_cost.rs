//! Cost of constructing a tree of untrusted HTML, counted in steps before the sanitizer
//! constructs one.
//!
//! The counting parser is that of the sanitizer, with a tree that keeps nothing. It reports every
//! element that it visits, including those visited while it traverses the open elements. End
//! tags, paragraphs and misnested tags repeat these traversals, which dominate the time. Two
//! operations are not reported, and are counted separately: comparisons of tags of open formats,
//! and of attribute names.

use std::borrow::Cow;
use std::cell::Cell;
use std::rc::Rc;

use html5ever::interface::{ElementFlags, ExpandedName, NodeOrText, QuirksMode, Tracer, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, ParseOpts, QualName, local_name, ns, parse_fragment};

/// Number of bytes that are parsed before the steps are checked: a check traverses all open
/// elements.
const PIECE: usize = 1 << 10;

/// Returns the number of steps for a tree of `html`; if it exceeds `most`, a number somewhat
/// larger than `most`.
pub(super) fn steps(html: &str, most: usize) -> usize {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let mut parser = parse_fragment(
        Counter::default(),
        ParseOpts::default(),
        context,
        Vec::new(),
        false,
    );
    let (mut rest, mut starts) = (html, 0);
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE));
        let tokens_before = parser.tokenizer.sink.sink.names.get();
        parser.process(StrTendril::from_slice(piece));
        let counter = &parser.tokenizer.sink.sink;
        // A piece without a token is the inside of one tag. Each attribute name is compared with
        // all previous ones.
        let in_piece = starts_of_attributes(piece);
        starts = if counter.names.get() == tokens_before {
            starts + in_piece
        } else {
            in_piece
        };
        if counter.names.get() == tokens_before {
            counter.add(in_piece * starts / COMPARED_AT_ONCE);
        }
        // Formats are compared only with each other; a traversal of all open elements costs the
        // same.
        if counter.formats.get() > 0 {
            let open = Open::default();
            parser.tokenizer.sink.trace_handles(&open);
            counter.end_piece(open.0.get());
        }
        if counter.steps.get() > most {
            break;
        }
        rest = behind;
    }
    parser.tokenizer.sink.sink.steps.get()
}

/// Number of attribute names, or of positions among children, that are compared in the time of
/// one step.
const COMPARED_AT_ONCE: usize = 8;

/// Returns the maximum number of attributes that may begin in `piece`, for any position of its
/// quotes.
fn starts_of_attributes(piece: &str) -> usize {
    piece
        .bytes()
        .filter(|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\''))
        .count()
}

/// Number of open elements and formats.
#[derive(Default)]
struct Open(Cell<usize>);

impl Tracer for Open {
    type Handle = Rc<Element>;

    fn trace_handle(&self, _node: &Rc<Element>) {
        self.0.set(self.0.get() + 1);
    }
}

/// Element with the data that the parser requests.
struct Element {
    name: QualName,
    /// Number of children that were ever added.
    children: Cell<usize>,
    contents: Option<Rc<Element>>,
    is_integration_point: bool,
}

impl Element {
    fn named(name: QualName) -> Element {
        Element {
            name,
            children: Cell::new(0),
            contents: None,
            is_integration_point: false,
        }
    }

    fn of_document() -> Rc<Element> {
        Rc::new(Element::named(QualName::new(
            None,
            ns!(),
            LocalName::from("#document"),
        )))
    }
}

/// Counter of the parser's operations.
struct Counter {
    document: Rc<Element>,
    steps: Cell<usize>,
    /// Number of requested element names: at least one for each token.
    names: Cell<usize>,
    created: Cell<usize>,
    /// Number of formats opened in this piece, and the maximum number of attributes of one.
    formats: Cell<usize>,
    attributes: Cell<usize>,
    /// Maximum number of children of an element.
    children: Cell<usize>,
}

impl Default for Counter {
    fn default() -> Counter {
        Counter {
            document: Element::of_document(),
            steps: Cell::default(),
            names: Cell::default(),
            created: Cell::default(),
            formats: Cell::default(),
            attributes: Cell::default(),
            children: Cell::default(),
        }
    }
}

impl Counter {
    fn add(&self, steps: usize) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    /// Counts the search of a child among its siblings.
    fn search(&self) {
        self.add(1 + self.children.get() / COMPARED_AT_ONCE);
    }

    /// Counts the comparisons of each opened format with the open ones, including all their
    /// attributes.
    fn end_piece(&self, open: usize) {
        let formats = self.formats.replace(0);
        self.add(
            open + formats
                .saturating_mul(open + formats)
                .saturating_mul(1 + self.attributes.get()),
        );
    }

    fn adopt(&self, parent: &Element, children: usize) {
        parent.children.set(parent.children.get() + children);
        self.children
            .set(self.children.get().max(parent.children.get()));
    }

    /// Counts another child of an unknown parent, which may be the one with the most children.
    fn adopt_beside(&self) {
        self.children.set(self.children.get() + 1);
    }
}

/// Returns `true` for elements that the parser lists for reopening (HTML standard, "formatting").
fn is_format(name: &QualName) -> bool {
    let names = [
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt",
        "u",
    ];
    name.ns == ns!(html) && names.contains(&&*name.local)
}

impl TreeSink for Counter {
    type Handle = Rc<Element>;
    type Output = ();
    type ElemName<'n> = ExpandedName<'n>;

    fn finish(self) {}

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Rc<Element> {
        self.document.clone()
    }

    fn elem_name<'n>(&'n self, target: &'n Rc<Element>) -> ExpandedName<'n> {
        self.names.set(self.names.get() + 1);
        self.add(1);
        target.name.expanded()
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> Rc<Element> {
        let count = attributes.len();
        let bytes: usize = attributes
            .iter()
            .map(|it| it.name.local.len() + it.value.len())
            .sum();
        self.created.set(self.created.get() + 1);
        self.add(1 + bytes + count * count / COMPARED_AT_ONCE);
        if is_format(&name) {
            self.formats.set(self.formats.get() + 1);
            self.attributes.set(self.attributes.get().max(count));
        }
        // The sanitizer searches for a `select` above each of these.
        if &*name.local == "selectedcontent" {
            self.add(self.created.get());
        }
        let contents = flags.template.then(Element::of_document);
        Rc::new(Element {
            contents,
            is_integration_point: flags.mathml_annotation_xml_integration_point,
            ..Element::named(name)
        })
    }

    fn create_comment(&self, _text: StrTendril) -> Rc<Element> {
        self.add(1);
        Element::of_document()
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Rc<Element> {
        self.add(1);
        Element::of_document()
    }

    fn append(&self, parent: &Rc<Element>, _child: NodeOrText<Rc<Element>>) {
        self.add(1);
        self.adopt(parent, 1);
    }

    fn append_based_on_parent_node(
        &self,
        _element: &Rc<Element>,
        previous: &Rc<Element>,
        _child: NodeOrText<Rc<Element>>,
    ) {
        self.search();
        self.adopt_beside();
        self.adopt(previous, 1);
    }

    fn append_doctype_to_document(
        &self,
        _name: StrTendril,
        _public: StrTendril,
        _system: StrTendril,
    ) {
    }

    fn get_template_contents(&self, target: &Rc<Element>) -> Rc<Element> {
        self.add(1);
        target
            .contents
            .clone()
            .unwrap_or_else(|| self.document.clone())
    }

    fn same_node(&self, one: &Rc<Element>, other: &Rc<Element>) -> bool {
        self.add(1);
        Rc::ptr_eq(one, other)
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, _sibling: &Rc<Element>, _child: NodeOrText<Rc<Element>>) {
        self.search();
        self.adopt_beside();
    }

    fn add_attrs_if_missing(&self, _target: &Rc<Element>, attributes: Vec<Attribute>) {
        self.add(1 + attributes.len());
    }

    fn remove_from_parent(&self, _target: &Rc<Element>) {
        self.search();
    }

    fn reparent_children(&self, node: &Rc<Element>, new_parent: &Rc<Element>) {
        let children = node.children.replace(0);
        self.add(1 + children);
        self.adopt(new_parent, children);
    }

    fn is_mathml_annotation_xml_integration_point(&self, target: &Rc<Element>) -> bool {
        target.is_integration_point
    }
}

#[cfg(test)]
mod tests {
    use super::steps;

    /// Returns the ratio of the steps for an eightfold text to those for the original.
    fn growth(html: &dyn Fn(usize) -> String) -> usize {
        steps(&html(4_000), usize::MAX) / steps(&html(500), usize::MAX)
    }

    #[test]
    fn what_takes_the_square_of_its_length_takes_the_square_of_its_steps() {
        let numbered = |part: &str, count: usize| {
            (0..count)
                .map(|at| part.replace('№', &at.to_string()))
                .collect::<String>()
        };
        let shapes: &[(&str, &dyn Fn(usize) -> String)] = &[
            ("boxes", &|n| "<div>".repeat(n)),
            ("lists", &|n| "<ul><li>".repeat(n)),
            ("end tags of nothing", &|n| {
                "<div>".repeat(n) + &"</x>".repeat(n)
            }),
            ("formats that differ", &|n| numbered("<b x=№>", n)),
            ("formats opened again", &|n| {
                numbered("<b x=№>", n / 20) + &"<p>x".repeat(n / 20)
            }),
            ("attributes", &|n| format!("<div {}>", numbered("a№ ", n))),
            ("attributes of a tag that breaks off", &|n| {
                format!("<div {}", numbered("a№ ", n))
            }),
            ("one long address", &|n| {
                format!(
                    "<div><a href={}></div>{}",
                    "a".repeat(n),
                    "<p>x".repeat(n / 4)
                )
            }),
            ("siblings of a table", &|n| {
                "<br>".repeat(n) + "<table>" + &"x<i>".repeat(n / 4)
            }),
            ("options of nothing", &|n| "<selectedcontent>".repeat(n)),
        ];
        for (name, html) in shapes {
            assert!(
                growth(html) >= 16,
                "{name}: {} times the steps for eight times as much",
                growth(html)
            );
        }
    }

    #[test]
    fn what_takes_the_time_of_its_length_takes_the_steps_of_its_length() {
        let shapes: &[(&str, &dyn Fn(usize) -> String)] = &[
            ("text", &|n| "words ".repeat(n)),
            ("paragraphs", &|n| {
                "<p><b>x</b> <a href=x y=z>x</a></p>\n".repeat(n)
            }),
            ("items", &|n| "<li>x".repeat(n)),
            ("rows", &|n| {
                format!("<table>{}</table>", "<tr><td>x".repeat(n))
            }),
            ("data", &|n| {
                format!(
                    "<img src=\"data:image/png;base64,{}\">",
                    "abcdefgh".repeat(n)
                )
            }),
            ("spans", &|n| "<span>".repeat(n)),
            ("misnested formats", &|n| "<b><i>x</b></i>\n".repeat(n)),
        ];
        for (name, html) in shapes {
            assert!(
                growth(html) <= 9,
                "{name}: {} times the steps for eight times as much",
                growth(html)
            );
        }
    }
}
