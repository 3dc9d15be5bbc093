// Every word that the scripts of the listing show.

const WORDS = {
  all_of: "Showing every plugin",
  clear: "Clear all",
  did_you_mean: "Is it one of these?",
  facet_category: "Category",
  facet_compatible: "Works with",
  facet_host: "Application",
  facet_license: "Licence",
  facet_lifecycle: "State",
  facet_package: "Package",
  facet_recent: "Activity",
  facet_store: "Listed by",
  fewer_words: "Fewer or other words may find it; plugins are also sorted by application and category.",
  filters: { one: "Filters, {count} chosen", other: "Filters, {count} chosen" },
  found: { one: "{count} plugin", other: "{count} plugins" },
  found_for: { one: "{count} plugin for “{query}”", other: "{count} plugins for “{query}”" },
  found_some: "No plugin has all of these words; {count} have some of them",
  from_store: "listed by {store}",
  in_readme: "Found in its long description",
  less: "Fewer",
  list_it: "List it here",
  list_it_question: "Is a plugin missing?",
  loading: "Searching…",
  more: "{count} more",
  next: "Next",
  no_filters: "Narrow the list",
  no_release_known: "no release known",
  nothing: "Nothing found for “{query}”",
  nothing_here: "No plugin is left with these filters",
  outdated: "The store was just published anew, and its parts do not match yet. Load the page again in a minute.",
  page: "Page",
  page_of: "{found}, page {page} of {pages}",
  pages: "Pages",
  previous: "Previous",
  show_all: "Show all plugins",
  sort: "Sort by",
  sort_listed: "Newest entry",
  sort_name: "Name",
  sort_released: "Newest release",
  sort_relevance: "Relevance",
  tag_abandoned: "abandoned",
  tag_adoptable: "adoptable",
  tag_deprecated: "deprecated",
  tag_gone: "gone",
  tag_prerelease: "pre-release",
  tag_quarantined: "in quarantine",
  tag_withdrawn: "withdrawn",
  tag_yanked: "yanked",
  type_more: "More letters find more.",
  unreachable: "The search index could not be loaded. Load the page again, or look by category.",
  value_lifecycle_abandoned: "Abandoned",
  value_lifecycle_active: "Active",
  value_lifecycle_adoptable: "Looking for a maintainer",
  value_lifecycle_deprecated: "Deprecated",
  value_package_source: "Source only",
  value_package_wheel: "Wheel",
  value_recent_year: "Release in the last year",
  without_filters: "Search without filters",
};

const language = document.documentElement.lang;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

/** The message `key`, with its placeholders filled; `count` chooses its plural form. */
export function say(key, values = {}) {
  const message = WORDS[key] ?? key;
  const text = typeof message === "string" ? message : (message[plurals.select(values.count)] ?? message.other);
  return text.replace(/\{([a-z_]+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

/** Whether there is such a message. */
export function knows(key) {
  return key in WORDS;
}
