//! Words for generated names, sentences and people.
//!
//! Any two words of one list of names differ in at least two letters, so that no two names are one
//! edit apart.

#[rustfmt::skip]
pub(crate) const FIELDS: &[&str] = &[
    "tidal", "harbour", "alpine", "coastal", "river", "glacier", "forest", "urban", "museum", "library", "census", "election",
    "parliament", "budget", "transit", "railway", "cycling", "aviation", "shipping", "weather", "climate", "ocean", "seismic",
    "volcano", "botany", "birding", "insect", "fishery", "harvest", "vineyard", "kitchen", "recipe", "football", "chess",
    "orchestra", "podcast", "cinema", "theatre", "archive", "newspaper", "postal", "hospital", "pharmacy", "genome", "protein",
    "chemistry", "astronomy", "satellite",
];

#[rustfmt::skip]
pub(crate) const OBJECTS: &[&str] = &[
    "table", "column", "query", "schema", "record", "index", "facet", "filter", "search", "chart", "graph", "timeline", "calendar",
    "heatmap", "polygon", "marker", "cluster", "raster", "vector", "thumbnail", "gallery", "document", "spreadsheet", "notebook",
    "comment", "annotation", "permission", "session", "password", "token", "webhook", "queue", "timetable", "backup", "snapshot",
    "replica", "stream", "bundle", "checksum", "currency", "language", "sentence", "keyword", "ranking", "forecast", "ensemble",
    "gauge", "station",
];

#[rustfmt::skip]
pub(crate) const TOOLS: &[&str] = &[
    "export", "import", "viewer", "editor", "explorer", "dashboard", "monitor", "reporter", "renderer", "validator", "converter",
    "formatter", "tracker", "scanner", "linker", "sampler", "merger", "splitter", "cleaner", "mapper", "notifier", "publisher",
    "scheduler", "inspector", "profiler", "optimiser", "compressor", "encoder", "parser", "harvester", "matcher", "resolver",
    "translator", "summary", "digest", "widget", "toolbar", "sidebar", "preview", "bridge", "gateway", "adapter", "connector",
    "toolkit", "assistant", "planner", "archiver", "simulator",
];

#[rustfmt::skip]
pub(crate) const DOES: &[&str] = &[
    "Shows", "Adds", "Draws", "Exports", "Imports", "Checks", "Converts", "Compares", "Collects", "Publishes", "Sorts", "Groups",
    "Highlights", "Repairs", "Translates", "Summarises", "Watches", "Links",
];

#[rustfmt::skip]
pub(crate) const THINGS: &[&str] = &[
    "tables and query results", "every row of a view", "columns with dates", "columns with coordinates", "long texts",
    "foreign keys", "numbers with their units", "uploaded files", "measurements of one station", "records that changed last night",
    "forecast fields", "ensemble members", "gridded data", "values above a threshold", "names in several languages",
    "pictures and their captions", "addresses", "prices over time", "signed-in visitors", "saved queries",
];

#[rustfmt::skip]
pub(crate) const HOW: &[&str] = &[
    "on an interactive map", "as a chart below the table", "in a sidebar that stays open", "with one command", "every night",
    "without writing to the database", "as a spreadsheet", "as plain text for other programs", "next to the original",
    "by their date of issue", "in the reader's own time zone", "as a list that can be filtered", "for a chosen period",
    "with the settings of the instance", "through a small HTTP API", "and says what it left out",
];

#[rustfmt::skip]
pub(crate) const SENTENCES: &[&str] = &[
    "It works with any database that the host can open, and needs no configuration to begin with.",
    "Settings are read once at the start, so the host must be restarted when they change.",
    "Large results are handed on in pieces; memory does not grow with their length.",
    "Columns that are missing are left out, and a line in the log says which.",
    "By default only signed-in people with the matching permission see the new button.",
    "The output is the same every time for the same input, which makes it easy to keep under version control.",
    "Older releases wrote another file name; both are still understood.",
    "Values that cannot be read are shown as they are and counted at the foot of the page.",
    "Times are in UTC unless the setting says otherwise.",
    "Nothing is sent to other machines unless an address is set.",
    "The first call takes longer, because an index is built then.",
    "It was written for our own instance of about four million rows and has run there since.",
    "Please say in an issue which version of the host you use.",
    "A short video in the documentation shows the whole way from an empty folder.",
    "The colors follow the theme of the page and keep enough contrast in the dark one.",
    "When two rules match, the one that comes first in the file wins.",
];

#[rustfmt::skip]
pub(crate) const SETTINGS: &[&str] = &[
    "allow", "base_url", "cache_seconds", "columns", "database", "default_view", "exclude", "format", "height", "language", "limit",
    "page_size", "precision", "prefix", "refresh", "timeout", "title", "token", "units", "workers",
];

#[rustfmt::skip]
pub(crate) const LIBRARIES: &[&str] = &[
    "httpx>=0.23", "click<9,>=8.0", "pydantic<3,>=2", "numpy>=1.24", "pandas>=2.0", "xarray", "sqlite-utils>=3.30", "jinja2>=3.1",
    "pyyaml>=6.0", "python-dateutil", "markdown>=3.4", "pillow>=10", "shapely>=2", "geojson", "openpyxl>=3.1", "orjson",
    "rich>=13; python_version >= \"3.9\"", "tomli>=2; python_version < \"3.11\"", "earthkit-data<1,>=0.18", "anyio>=4",
];

#[rustfmt::skip]
pub(crate) const FIRST_NAMES: &[&str] = &[
    "Mira", "Jonas", "Aiko", "Samuel", "Leila", "Pedro", "Ingrid", "Tomasz", "Chidi", "Hannah", "Noor", "Elif", "Marek", "Ana",
    "Kofi", "Sanna", "Ravi", "Lucía", "Owen", "Yuki", "Clara", "Bruno", "Freya", "Zoë",
];

#[rustfmt::skip]
pub(crate) const LAST_NAMES: &[&str] = &[
    "Okafor", "Lindqvist", "Tanaka", "Fernández", "Kowalska", "Schneider", "Murphy", "Nowak", "Haddad", "Rossi", "Jensen",
    "Moreau", "Silva", "Novák", "Adeyemi", "Larsen", "Iyer", "Bianchi", "Walsh", "Virtanen", "Keller", "Costa", "Dubois", "Yılmaz",
];

#[rustfmt::skip]
pub(crate) const LICENSES: &[&str] = &["Apache-2.0", "Apache-2.0", "MIT", "MIT", "BSD-3-Clause", "GPL-3.0-or-later", "MPL-2.0", "ISC"];
