// What was found, as elements: cards, copies of the one that came with the page, with the words marked; pages; and what to
// do when there is nothing. Strangers' words become text and nothing else.

import { ageOf } from "./site.js";
import { pieces } from "./search_words.js";
import { mark } from "./mark.js";
import { dateOf, say } from "./words.js";

/** An element with properties and children; a child that is a text becomes text. */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** A list of cards; `root` is the address of the store, `matched` the words that led to them. */
export function cardList(cards, { root, matched, hosts, stores }) {
  const template = document.getElementById("card").content.firstElementChild;
  return element("ul", { className: "cards" }, ...cards.map((card) => fill(template.cloneNode(true), card, { root, matched, hosts, stores })));
}

function fill(made, card, { root, matched, hosts, stores }) {
  const part = (selector) => made.querySelector(selector);
  const put = (selector, text) => (text ? part(selector).append(text) : part(selector).remove());
  linkTo(card, part("h3 a"), root).append(...marked(card.name, matched));
  part(".tile").replaceWith(tile(card));
  part(".for").append(named(hosts, card.host));
  part(".author").append(...marked(card.author, matched));
  if (card.store) part(".from bdi").append(named(stores, card.store));
  else part(".from").remove();
  part(".blurb").append(...marked(card.description, matched));
  put(".version", card.version);
  made.querySelectorAll("[data-mark]").forEach((tag) => card.marks.includes(tag.dataset.mark) || tag.remove());
  const time = part("time");
  if (card.releasedAt) {
    Object.assign(time, { dateTime: card.releasedAt, title: dateOf(card.releasedAt) });
    time.textContent = ageOf(new Date(card.releasedAt));
  } else time.remove();
  if (card.version || card.releasedAt) part(".none").remove();
  if (matched.size > 0 && !part("mark")) part(".blurb").after(element("p", { className: "why" }, say("in_readme")));
  return made;
}

/** Lets `link` lead to the page of a plugin; one of another store is a stranger's. */
function linkTo(card, link, root) {
  const place = card.page ?? new URL(`${card.host}/${card.id}/`, root).href;
  if (/^https?:\/\//.test(place)) link.href = place;
  else link.removeAttribute("href");
  if (card.page) link.rel = "noopener nofollow ugc";
  else link.removeAttribute("rel");
  return link;
}

/** What people call a host or a store; of one that this store does not know, its id. */
function named(titles, id) {
  return Object.hasOwn(titles, id) ? titles[id] : id;
}

function tile(card) {
  if (!card.icon) return mark(card.id);
  const address = new URL(`${card.host}/${card.id}/${card.icon}`, import.meta.url).href;
  return element("img", { className: "tile", src: address, alt: "", width: 44, height: 44, loading: "lazy" });
}

/** The text as nodes, with the words marked that led to it. */
function marked(text, matched) {
  if (matched.size === 0) return [text];
  return pieces(text).map((piece) => (piece.words?.some((word) => matched.has(word)) ? element("mark", {}, piece.text) : piece.text));
}

/** Links to pages; `addressOf` gives the address of a page. */
export function paging(page, pages, addressOf) {
  if (pages < 2) return null;
  const near = Array.from({ length: pages }, (_, index) => index + 1).filter((number) => number === 1 || number === pages || Math.abs(number - page) <= 2);
  const link = (number, text, properties) => element("a", { href: addressOf(number), "data-page": String(number), ...properties }, ...text);
  const items = near.map((number) =>
    element("li", {}, link(number, [element("span", { className: "sr" }, `${say("page")} `), String(number)], number === page ? { "aria-current": "page" } : {})));
  return element("nav", { className: "paging", ariaLabel: say("pages") },
    page > 1 ? link(page - 1, [say("previous")], { rel: "prev" }) : null,
    element("ol", {}, ...items),
    page < pages ? link(page + 1, [say("next")], { rel: "next" }) : null);
}

/** What is shown where nothing was found: names that are near, the way back, and how to list what is missing. */
export function nothing(query, cards, { root, hasFilters, without, all, add }) {
  const near = cards.map((card) => element("li", {}, linkTo(card, element("a", { dir: "auto" }, card.name), root)));
  return element("div", { className: "empty nothing" },
    element("p", {}, near.length > 0 ? say("did_you_mean") : say("fewer_words")),
    near.length > 0 ? element("ul", { className: "topics" }, ...near) : null,
    element("p", { className: "ways" },
      hasFilters && query ? element("a", { href: without, "data-go": "" }, say("without_filters")) : null,
      element("a", { href: all, "data-go": "" }, say("show_all"))),
    element("p", { className: "quiet" }, `${say("list_it_question")} `, element("a", { href: add }, say("list_it"))));
}
