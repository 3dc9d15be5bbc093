// The built pages are valid HTML, and every address and fragment that they use exists.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { htmlFaults } from "./html_checks.mjs";
import { basePath, files, folder, languageFolders, samplePages } from "./store.mjs";

const MOST_VALIDATED = 16;
const base = await basePath();
const all = new Set(await files());
const pages = [...all].filter((path) => path.endsWith(".html"));

test("the pages are valid HTML", async () => {
  assert.deepEqual(await htmlFaults(await sample(pages, MOST_VALIDATED)), []);
});

test("every address within the store is a file, and every fragment an id", async () => {
  const faults = new Set();
  const known = new Map();
  const idsOf = async (path) => {
    if (!known.has(path)) known.set(path, new Set([...(await page(path)).matchAll(/\sid="([^"]*)"/g)].map((match) => unescape(match[1]))));
    return known.get(path);
  };
  for (const path of pages) {
    const from = new URL(base + path.replace(/(^|\/)index\.html$/, "$1"), "http://store.invalid");
    for (const address of addresses(await page(path))) {
      const to = new URL(address, from);
      if (to.origin !== from.origin) continue;
      const target = to.pathname.startsWith(base) ? fileAt(decodeURIComponent(to.pathname.slice(base.length))) : undefined;
      if (!target) faults.add(`${path}: ${address} leads to nothing`);
      else if (to.hash && target.endsWith(".html") && !(await idsOf(target)).has(decodeURIComponent(to.hash.slice(1)))) faults.add(`${path}: ${address} names no id`);
    }
  }
  assert.deepEqual([...faults], []);
});

test("no page carries an inline script, an inline style or an event handler; data for machines is data", async () => {
  const faults = [];
  for (const path of pages) {
    // The one thing between script tags: JSON, in which no letter means something to HTML. No browser runs it.
    for (const [, data] of (await page(path)).matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
      if (/[<>&]/.test(data) || typeof JSON.parse(data) !== "object") faults.push(`${path}: ${data}`);
    }
    const tags = (await page(path)).match(/<[a-z][^>]*>/gi) ?? [];
    for (const tag of tags) {
      if ((/^<script(?![^>]*\ssrc=)/i.test(tag) && tag !== '<script type="application/ld+json">') || /^<style/i.test(tag) || /\s(style|on[a-z]+)\s*=/i.test(tag.replace(/"[^"]*"/g, '""'))) faults.push(`${path}: ${tag}`);
    }
  }
  assert.deepEqual(faults, []);
});

function page(path) {
  return readFile(join(folder, path), "utf8");
}

function addresses(html) {
  const tags = html.match(/<(?:a|link|script|img|source|use)\s[^>]*>/g) ?? [];
  return tags
    .filter((tag) => !/\srel="canonical"/.test(tag))
    .flatMap((tag) => [...tag.matchAll(/\s(?:href|src)="([^"]*)"/g)].map((match) => unescape(match[1])));
}

function unescape(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : (named[name] ?? whole));
}

function fileAt(address) {
  const candidates = address === "" || address.endsWith("/") ? [`${address}index.html`] : [address, `${address}.html`];
  return candidates.find((candidate) => all.has(candidate));
}

/** One page of each type in each language, and others evenly spread. */
async function sample(list, most) {
  const types = [...Object.values(await samplePages()), "plugins/", "plugins/_/2/"].filter((address) => address === "" || address.endsWith("/"));
  const always = new Set(["", ...(await languageFolders())].flatMap((language) => [`${language}404.html`, ...types.map((address) => `${language}${address}index.html`)]));
  const others = list.filter((path) => !always.has(path));
  const count = Math.min(most, others.length);
  return [...list.filter((path) => always.has(path)), ...Array.from({ length: count }, (_, index) => others[Math.floor((index * others.length) / count)])];
}
