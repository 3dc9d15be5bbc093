//! Highlighted languages: the syntax of comments and strings, and the keywords of each.

/// Returns the language of a piece of code, from the info string of its fence.
pub(super) fn named(info: &str) -> Option<&'static Language> {
    let name = info
        .split([' ', ',', '{', ':'])
        .next()
        .unwrap_or_default()
        .trim_start_matches("language-")
        .to_ascii_lowercase();
    ALL.iter().find(|it| it.names.contains(&name.as_str()))
}

/// Syntax of a language.
pub(super) struct Language {
    names: &'static [&'static str],
    /// Start of a comment that ends with its line.
    pub(super) comments: &'static [&'static str],
    /// Start and end of a multi-line comment.
    pub(super) blocks: &'static [(&'static str, &'static str)],
    /// Delimiter of a string, and `true` if it may be multi-line; longest first.
    pub(super) strings: &'static [(&'static str, bool)],
    /// Keywords, separated by spaces.
    pub(super) keywords: &'static str,
    pub(super) manner: Manner,
}

/// Special rule of a language.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Plain,
    /// Case-insensitive keywords.
    AnyCase,
    /// A name before `:` or `=` is a key.
    Keys,
    /// A name after `<` is a tag.
    Tags,
    /// A line after a prompt is input, every other one is output.
    Session,
}

const DOUBLE: (&str, bool) = ("\"", false);
const SINGLE: (&str, bool) = ("'", false);

static ALL: &[Language] = &[
    Language {
        names: &["python", "py", "python3", "pycon", "py3"],
        comments: &["#"],
        blocks: &[],
        strings: &[("\"\"\"", true), ("'''", true), DOUBLE, SINGLE],
        keywords: "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield",
        manner: Manner::Plain,
    },
    Language {
        names: &[
            "bash",
            "sh",
            "shell",
            "zsh",
            "fish",
            "powershell",
            "ps1",
            "dockerfile",
            "docker",
            "make",
            "makefile",
        ],
        comments: &["#"],
        blocks: &[],
        strings: &[("\"", true), ("'", true)],
        keywords: "case do done elif else esac export fi for function if in then until while FROM RUN COPY CMD ENTRYPOINT ENV WORKDIR",
        manner: Manner::Plain,
    },
    Language {
        names: &[
            "console",
            "shell-session",
            "terminal",
            "shellsession",
            "cmd",
            "doscon",
        ],
        comments: &[],
        blocks: &[],
        strings: &[],
        keywords: "",
        manner: Manner::Session,
    },
    Language {
        names: &["json", "json5", "jsonc", "geojson"],
        comments: &["//"],
        blocks: &[("/*", "*/")],
        strings: &[DOUBLE],
        keywords: "true false null",
        manner: Manner::Keys,
    },
    Language {
        names: &[
            "yaml",
            "yml",
            "toml",
            "ini",
            "cfg",
            "conf",
            "properties",
            "env",
        ],
        comments: &["#", ";"],
        blocks: &[],
        strings: &[("\"\"\"", true), ("'''", true), DOUBLE, SINGLE],
        keywords: "true false null yes no on off",
        manner: Manner::Keys,
    },
    Language {
        names: &["sql", "sqlite", "postgresql", "plpgsql", "mysql"],
        comments: &["--"],
        blocks: &[("/*", "*/")],
        strings: &[("'", true), ("\"", true)],
        keywords: "ADD ALTER AND AS ASC BEGIN BETWEEN BY CASE COMMIT CREATE CROSS DEFAULT DELETE DESC DISTINCT DROP ELSE END EXISTS FROM GROUP HAVING IN INDEX INNER INSERT INTO IS JOIN KEY LEFT LIKE LIMIT NOT NULL OFFSET ON OR ORDER OUTER OVER PARTITION PRIMARY REFERENCES RIGHT SELECT SET TABLE THEN TRIGGER UNION UNIQUE UPDATE USING VALUES VIEW VIRTUAL WHEN WHERE WITH",
        manner: Manner::AnyCase,
    },
    Language {
        names: &[
            "javascript",
            "js",
            "mjs",
            "jsx",
            "typescript",
            "ts",
            "tsx",
            "node",
        ],
        comments: &["//"],
        blocks: &[("/*", "*/")],
        strings: &[("`", true), DOUBLE, SINGLE],
        keywords: "as async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof interface let new null of return static super switch this throw true try type typeof undefined var void while yield",
        manner: Manner::Plain,
    },
    Language {
        names: &[
            "html",
            "xml",
            "svg",
            "html+jinja",
            "jinja",
            "jinja2",
            "django",
            "html+django",
            "vue",
        ],
        comments: &[],
        blocks: &[("<!--", "-->"), ("{#", "#}")],
        strings: &[("\"", true), ("'", false)],
        keywords: "block else endblock endfor endif extends for if in include",
        manner: Manner::Tags,
    },
    Language {
        names: &["css", "scss", "less"],
        comments: &[],
        blocks: &[("/*", "*/")],
        strings: &[DOUBLE, SINGLE],
        keywords: "important media import supports",
        manner: Manner::Keys,
    },
    Language {
        names: &[
            "rust", "rs", "c", "cpp", "c++", "java", "go", "golang", "csharp", "cs", "kotlin",
            "swift", "php", "graphql", "r", "julia",
        ],
        comments: &["//", "#"],
        blocks: &[("/*", "*/")],
        strings: &[DOUBLE, SINGLE],
        keywords: "as async await break case catch class const continue default do else enum false fn for func function if impl import in int interface let match mod mut new nil null package private pub public query return static struct switch this throw trait true try type use var void while",
        manner: Manner::Plain,
    },
];
