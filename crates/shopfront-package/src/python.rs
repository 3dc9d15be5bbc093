//! Data on Python itself: the versions in use, and the modules of its standard library.

use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};

/// Minor versions of Python 3 that plugins and hosts are compared with, in ascending order.
pub(crate) const MINORS: std::ops::RangeInclusive<u64> = 8..=15;

/// Upper limit of patch releases of a minor version of Python.
const PATCHES: u64 = 30;

/// Maximum length in bytes of specifiers that are parsed; longer ones are ignored.
const MAX_SPECIFIERS: usize = 1_000;

/// Returns the minor versions of [`MINORS`] that `specifiers` (a `Requires-Python`) allow.
/// Returns all if they are unreadable, which is reported separately.
pub fn allowed_minors(specifiers: &str) -> Vec<u64> {
    // Every version is compared with every specifier.
    if specifiers.len() > MAX_SPECIFIERS {
        return MINORS.collect();
    }
    // Indexes contain many values with an extra comma, and installers accept it.
    let Ok(specifiers) = VersionSpecifiers::from_str(specifiers.trim().trim_end_matches(','))
    else {
        return MINORS.collect();
    };
    // `!=3.9.7` and `>3.10` still allow other releases of that minor version.
    let is_allowed = |minor: &u64| {
        (0..PATCHES).any(|patch| specifiers.contains(&Version::new([3, *minor, patch])))
    };
    MINORS.filter(is_allowed).collect()
}

/// Returns a list of minor versions for messages: `3.11, 3.12`.
pub fn written(minors: &[u64]) -> String {
    minors
        .iter()
        .map(|minor| format!("3.{minor}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns `true` if Python has a module with this name, which takes precedence.
pub fn is_standard_module(name: &str) -> bool {
    STANDARD_MODULES.binary_search(&name).is_ok()
}

/// Standard library modules of all supported Python versions, and those added in 3.14 and 3.15,
/// sorted. Omits modules that no program imports, such as `test` and `this`. Omits removed
/// modules that continue as packages.
static STANDARD_MODULES: &[&str] = &[
    "abc",
    "annotationlib",
    "argparse",
    "array",
    "ast",
    "asyncio",
    "atexit",
    "base64",
    "bdb",
    "binascii",
    "bisect",
    "builtins",
    "bz2",
    "cProfile",
    "calendar",
    "cmath",
    "cmd",
    "code",
    "codecs",
    "codeop",
    "collections",
    "colorsys",
    "compileall",
    "compression",
    "concurrent",
    "configparser",
    "contextlib",
    "contextvars",
    "copy",
    "copyreg",
    "csv",
    "ctypes",
    "curses",
    "dataclasses",
    "datetime",
    "dbm",
    "decimal",
    "difflib",
    "dis",
    "doctest",
    "email",
    "encodings",
    "ensurepip",
    "enum",
    "errno",
    "faulthandler",
    "fcntl",
    "filecmp",
    "fileinput",
    "fnmatch",
    "fractions",
    "ftplib",
    "functools",
    "gc",
    "genericpath",
    "getopt",
    "getpass",
    "gettext",
    "glob",
    "graphlib",
    "grp",
    "gzip",
    "hashlib",
    "heapq",
    "hmac",
    "html",
    "http",
    "imaplib",
    "importlib",
    "inspect",
    "io",
    "ipaddress",
    "itertools",
    "json",
    "keyword",
    "linecache",
    "locale",
    "logging",
    "lzma",
    "mailbox",
    "marshal",
    "math",
    "mimetypes",
    "mmap",
    "modulefinder",
    "msvcrt",
    "multiprocessing",
    "netrc",
    "ntpath",
    "numbers",
    "opcode",
    "operator",
    "optparse",
    "os",
    "pathlib",
    "pdb",
    "pickle",
    "pickletools",
    "pkgutil",
    "platform",
    "plistlib",
    "poplib",
    "posixpath",
    "pprint",
    "profile",
    "profiling",
    "pstats",
    "pty",
    "pwd",
    "py_compile",
    "pyclbr",
    "pydoc",
    "pyexpat",
    "queue",
    "quopri",
    "random",
    "re",
    "readline",
    "reprlib",
    "resource",
    "rlcompleter",
    "runpy",
    "sched",
    "secrets",
    "select",
    "selectors",
    "shelve",
    "shlex",
    "shutil",
    "signal",
    "site",
    "smtplib",
    "socket",
    "socketserver",
    "sqlite3",
    "sre_compile",
    "sre_constants",
    "sre_parse",
    "ssl",
    "stat",
    "statistics",
    "string",
    "stringprep",
    "struct",
    "subprocess",
    "symtable",
    "sys",
    "sysconfig",
    "syslog",
    "tabnanny",
    "tarfile",
    "tempfile",
    "termios",
    "textwrap",
    "threading",
    "time",
    "timeit",
    "tkinter",
    "token",
    "tokenize",
    "tomllib",
    "trace",
    "traceback",
    "tracemalloc",
    "tty",
    "turtle",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "venv",
    "warnings",
    "wave",
    "weakref",
    "webbrowser",
    "winreg",
    "winsound",
    "wsgiref",
    "xml",
    "xmlrpc",
    "zipapp",
    "zipfile",
    "zipimport",
    "zlib",
    "zoneinfo",
];
