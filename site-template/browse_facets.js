// The choices beside the list: groups of boxes to tick, with how many plugins each would leave.

import { element } from "./browse_results.js";
import { knows, say, written } from "./words.js";

/** How many values a group shows at first. */
const FIRST = 7;
/** How many groups are open at first, and in a large store: a closed one costs nothing to count. */
const OPEN = 4;
const OPEN_OF_MANY = 2;
const MANY = 20_000;

/** Groups for the facets of `head`; `changed` is called with the choice whenever it changes, `opened` when a group opens. */
export function facetPanel(head, { changed, opened }) {
  const groups = head.facets.map((facet, index) => group(facet, index < (head.count > MANY ? OPEN_OF_MANY : OPEN), changed, opened));
  const summary = element("summary", {}, say("no_filters"));
  const clear = element("button", { type: "button", className: "clear", hidden: true }, say("clear"));
  const panel = element("details", { className: "facets" }, summary, ...groups.map((it) => it.box), clear);
  clear.addEventListener("click", () => changed({}));
  const wide = matchMedia("(min-width: 60rem)");
  const fold = () => (panel.open = wide.matches);
  wide.addEventListener("change", fold);
  fold();
  return {
    panel,
    /** The facets whose counts can be seen. */
    visible: () => (panel.open ? groups.filter((it) => it.box.open).map((it) => it.id) : []),
    onOpen: (take) => panel.addEventListener("toggle", () => panel.open && take()),
    show(chosen, counts, total) {
      const count = Object.values(chosen).flat().length;
      summary.textContent = count === 0 ? say("no_filters") : say("filters", { count });
      clear.hidden = count === 0;
      panel.hidden = total === 0 && count === 0;
      groups.forEach((it) => it.show(chosen, counts[it.id], total));
    },
  };
}

function group(facet, isOpen, changed, opened) {
  const values = facet.values.map(([value, total, title]) => row(facet.id, value, total, title));
  const list = element("ul", {}, ...values.map((it) => it.item));
  const more = element("button", { type: "button", className: "more" });
  const box = element("details", { open: isOpen }, element("summary", {}, titleOf(facet.id)), element("fieldset", {}, element("legend", { className: "sr" }, titleOf(facet.id)), list, more));
  let showsAll = false;
  let current = {};
  const arrange = () => {
    const useful = values.filter((it) => it.count > 0 || it.input.checked);
    // What is chosen stays in sight, wherever it stands.
    const shown = new Set([...(showsAll ? useful : useful.slice(0, FIRST)), ...useful.filter((it) => it.input.checked)]);
    values.forEach((it) => (it.item.hidden = !shown.has(it)));
    const left = useful.length - shown.size;
    more.hidden = left === 0 && !showsAll;
    more.hidden ||= useful.length <= FIRST;
    more.textContent = showsAll ? say("less") : say("more", { count: left });
  };
  more.addEventListener("click", () => {
    showsAll = !showsAll;
    arrange();
  });
  list.addEventListener("change", () => changed({ ...current, [facet.id]: values.filter((it) => it.input.checked).map((it) => it.value) }));
  box.addEventListener("toggle", () => box.open && opened());
  return {
    id: facet.id,
    box,
    show(chosen, counts, total) {
      current = chosen;
      values.forEach((it, index) => {
        it.input.checked = (chosen[facet.id] ?? []).includes(it.value);
        if (counts) it.count = counts[index];
        it.number.textContent = written(it.count);
      });
      // A group that says the same of all that is left is no choice.
      const useful = values.filter((it) => it.count > 0 || it.input.checked);
      box.hidden = useful.length === 0 || (useful.length === 1 && useful[0].count === total && !useful[0].input.checked);
      arrange();
    },
  };
}

function row(facet, value, total, title) {
  const input = element("input", { type: "checkbox", name: facet, value });
  const number = element("small", {}, String(total));
  const key = `value_${facet}_${value}`;
  // What hosts, categories and stores are called is said in the store's own language.
  const name = title ? element("span", language() ? { lang: language() } : {}, title) : element("span", {}, knows(key) ? say(key) : value);
  const item = element("li", {}, element("label", {}, input, name, number));
  return { value, input, number, item, count: total };
}

/** The language of the store's own words, where the page is in another; else nothing. */
function language() {
  const { language } = document.getElementById("browse").dataset;
  return language === document.documentElement.lang ? "" : language;
}

function titleOf(facet) {
  return knows(`facet_${facet}`) ? say(`facet_${facet}`) : facet;
}
