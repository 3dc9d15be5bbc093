// The list of all plugins becomes one that can be searched, narrowed and sorted. What is asked for stands in the address,
// so that it can be linked and "back" leads back; without anything asked for, the page is the one that came.

import { facetPanel } from "./browse_facets.js";
import { cardList, element, nothing, paging } from "./browse_results.js";
import { say } from "./words.js";
import { PAGE, StaleIndex, openIndex } from "./search.js";

const place = document.getElementById("browse");
const form = document.querySelector("form.search");
const box = form.elements.q;
const list = document.getElementById("list");
const heading = document.getElementById("all");
const order = document.getElementById("order");
const home = new URL(form.action);
const root = new URL("../", home);
const asCame = { list: [...list.childNodes], heading: heading.textContent, order: order.textContent, title: document.title };
/** The list that nothing was asked of goes on as it came: with as many plugins a page. */
const OF_LIST = Number(place.dataset.size);
const SORTS = ["relevance", "released", "listed", "name"];

const status = element("p", { className: "sr", role: "status" });
const sort = element("select", { id: "sort" });
order.replaceChildren(element("label", { htmlFor: "sort" }, say("sort")), " ", sort);
place.append(status);

let state = read(location.search);
let index = null;
let facets = null;
let opening = null;
let turn = 0;
// Whether the address stands for something that was meant: what is being typed replaces itself.
let isSettled = true;

box.value = state.query;
asCame.list.flatMap((it) => [...(it.querySelectorAll?.(".paging a") ?? [])]).forEach(leadOn);
start();

async function start() {
  listen();
  // What came with the page is not what was asked for.
  if (isAsking()) {
    place.ariaBusy = "true";
    heading.textContent = say("loading");
  }
  await refresh();
}

/** A link to another page of the list that came: where scripts run, that page is this one, with its choices beside it. */
function leadOn(link) {
  const [, number] = /_\/(\d+)\/$/.exec(link.pathname) ?? [null, "1"];
  link.href = addressOf({ ...state, query: "", chosen: {}, sort: "", page: Number(number) });
  link.dataset.page = number;
}

function read(text) {
  const parameters = new URLSearchParams(text);
  // Without a prototype, so that an address can ask for a facet of any name.
  const chosen = Object.create(null);
  for (const [key, value] of parameters) {
    if (!["q", "sort", "page"].includes(key) && value !== "") (chosen[key] ??= []).push(value);
  }
  const page = Number.parseInt(parameters.get("page") ?? "", 10);
  return { query: parameters.get("q") ?? "", chosen, sort: SORTS.includes(parameters.get("sort")) ? parameters.get("sort") : "", page: page > 0 ? page : 1 };
}

function addressOf({ query, chosen, sort, page }) {
  const parameters = new URLSearchParams();
  if (query.trim() !== "") parameters.set("q", query);
  for (const [facet, values] of Object.entries(chosen)) values.forEach((value) => parameters.append(facet, value));
  if (sort !== "") parameters.set("sort", sort);
  if (page > 1) parameters.set("page", String(page));
  const text = parameters.toString();
  return text === "" ? home.pathname : `${home.pathname}?${text}`;
}

/** A new state that was meant: "back" leads to the one before. */
function go(next, focus) {
  state = { ...state, page: 1, ...next };
  if (isSettled) history.pushState(null, "", addressOf(state));
  else history.replaceState(null, "", addressOf(state));
  isSettled = true;
  refresh().then(() => focus?.focus({ preventScroll: false }));
}

function listen() {
  let timer;
  box.addEventListener("input", () => {
    state = { ...state, query: box.value, page: 1 };
    clearTimeout(timer);
    // Browsers allow few changes of the address a second.
    timer = setTimeout(() => {
      if (addressOf(state) === location.pathname + location.search) return;
      history[isSettled ? "pushState" : "replaceState"](null, "", addressOf(state));
      isSettled = false;
    }, 400);
    refresh();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    if (addressOf({ ...state, query: box.value }) === location.pathname + location.search) isSettled = true;
    else go({ query: box.value });
  });
  sort.addEventListener("change", () => go({ sort: sort.value === defaultSort() ? "" : sort.value }));
  place.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-page], a[data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const next = read(new URL(link.href).search);
    box.value = next.query;
    go(next, heading);
  });
  addEventListener("popstate", () => {
    clearTimeout(timer);
    isSettled = true;
    state = read(location.search);
    box.value = state.query;
    refresh();
  });
  document.addEventListener("keydown", walk);
  // The index is fetched when somebody is about to use it.
  box.addEventListener("focus", () => open().catch(() => {}), { once: true });
}

/** Down leads from the box into the list, up and down through it, Escape back to the box, and there it empties it. */
function walk(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...list.querySelectorAll(".card h3 a")];
  const at = links.indexOf(document.activeElement);
  if (event.key === "Escape" && document.activeElement === box && box.value !== "") {
    event.preventDefault();
    box.value = "";
    go({ query: "" });
  } else if (event.key === "Escape" && at >= 0) {
    box.focus();
  } else if (event.key === "ArrowDown" && (document.activeElement === box || at >= 0) && links[at + 1]) {
    event.preventDefault();
    links[at + 1].focus();
  } else if (event.key === "ArrowUp" && at >= 0) {
    event.preventDefault();
    (links[at - 1] ?? box).focus();
  }
}

function defaultSort() {
  return state.query.trim() === "" ? "released" : "relevance";
}

/** How many plugins a page has. */
function size() {
  const isList = state.query.trim() === "" && Object.keys(state.chosen).length === 0 && state.sort === "";
  return isList ? OF_LIST : PAGE;
}

function isAsking() {
  return addressOf(state) !== home.pathname;
}

/** Opens the index once; a second time when its files are of two builds. */
function open(again = false) {
  if (again || !opening) {
    opening = openIndex(async (name, stamp) => {
      const address = new URL(`search/${name}.json${stamp ? `?${stamp}` : ""}`, import.meta.url);
      const response = await fetch(address, again && !stamp ? { cache: "reload" } : {});
      if (!response.ok) throw new StaleIndex(`${address} answers ${response.status}`);
      return response.json();
    }).then((opened) => {
      index = opened;
      showFacets();
      return opened;
    });
    opening.catch(() => (opening = null));
  }
  return opening;
}

function showFacets() {
  facets = facetPanel(index.head, { changed: (chosen) => go({ chosen: kept(chosen) }), opened: () => refresh() });
  facets.onOpen(() => refresh());
  document.getElementById("narrow").replaceChildren(facets.panel);
}

function kept(chosen) {
  return Object.fromEntries(Object.entries(chosen).filter(([, values]) => values.length > 0));
}

async function refresh(attempt = 0) {
  turn += 1;
  const mine = turn;
  showSorts();
  try {
    await open(attempt > 0);
    const { chosen, query, page } = state;
    const asked = { query, chosen: known(chosen), sort: state.sort || defaultSort(), page, size: size(), counted: facets.visible() };
    const answer = await index.search(asked);
    const cards = isAsking() ? await index.cards(answer.total === 0 ? answer.near : answer.numbers) : [];
    // A later question has been asked meanwhile.
    if (mine !== turn) return;
    if (isAsking()) show(answer, cards);
    else restore();
    settle();
    // The list first: on a slow phone both at once would block it for a tenth of a second.
    await nextTask();
    if (mine === turn) facets.show(asked.chosen, answer.counts, answer.total);
  } catch (fault) {
    if (mine !== turn) return;
    if (fault instanceof StaleIndex && attempt < 2) return refresh(attempt + 1);
    showFault(fault);
  }
}

/** Lets the browser paint, and whoever types or taps have a word. */
function nextTask() {
  return new Promise((resume) => setTimeout(resume));
}

/** The choices that this index knows: an old link may name others. */
function known(chosen) {
  const ids = new Set(index.head.facets.map((facet) => facet.id));
  return Object.fromEntries(Object.entries(chosen).filter(([id]) => ids.has(id)));
}

function show(answer, cards) {
  const pages = Math.ceil(answer.total / size());
  const { hosts, stores } = index.head;
  if (answer.total === 0) {
    const hasFilters = Object.keys(state.chosen).length > 0;
    const without = addressOf({ ...state, chosen: {}, page: 1 });
    list.replaceChildren(nothing(state.query.trim(), cards, { root, hasFilters, without, all: home.pathname, add: place.dataset.add }));
  } else {
    const matched = answer.matched;
    const found = [cardList(cards, { root, matched, hosts, stores }), paging(state.page, pages, (page) => addressOf({ ...state, page }))];
    list.replaceChildren(...found.filter((it) => it !== null));
  }
  const told = answer.isPartial ? `${summary(answer, pages)}. ${say("type_more")}` : summary(answer, pages);
  heading.textContent = told;
  announce(told);
}

function summary({ total, done }, pages) {
  const query = state.query.trim();
  let found = query === "" ? say("found", { count: total }) : say("found_for", { count: total, query });
  if (total === 0) found = query === "" ? say("nothing_here") : say("nothing", { query });
  if (total > 0 && done === "some") found = say("found_some", { count: total });
  return pages > 1 ? say("page_of", { found, page: state.page, pages }) : found;
}

function restore() {
  list.replaceChildren(...asCame.list);
  heading.textContent = asCame.heading;
  if (status.textContent !== "") announce(say("all_of"));
}

let announcing;
/** Said when typing pauses, so that nobody is talked over. */
function announce(text) {
  clearTimeout(announcing);
  announcing = setTimeout(() => (status.textContent = text), 700);
}

function showSorts() {
  const offered = SORTS.filter((it) => it !== "relevance" || state.query.trim() !== "");
  sort.replaceChildren(...offered.map((it) => element("option", { value: it }, say(`sort_${it}`))));
  sort.value = offered.includes(state.sort) ? state.sort : defaultSort();
}

/** What the page now shows is what its address asks for. */
function settle() {
  place.ariaBusy = null;
  delete document.documentElement.dataset.asking;
}

function showFault(fault) {
  const text = say(fault instanceof StaleIndex ? "outdated" : "unreachable");
  settle();
  if (isAsking()) list.replaceChildren(element("p", { className: "empty" }, text));
  announce(text);
}
