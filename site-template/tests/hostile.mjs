// Builds a store whose every field holds a trick, and opens every file of it in Chromium: nothing runs, nothing is asked
// of a stranger, nothing is said in the console.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { shopWindow } from "./browser_window.mjs";
import { builtStore } from "./fixture_store.mjs";

const { end } = await builtStore("hostile");
const { files, serve } = await import("./store.mjs");

const all = await files();
// Pages of codes and guides are our own words in one template each: of each kind the list stands for all.
const isOne = (path) => /^(errors|docs)\/./.test(path) && path.split("/").length > 2;
const pages = all.filter((path) => path.endsWith(".html") && !isOne(path));
const { site, withPage, watch } = shopWindow(serve);

after(end);

test("the tricks are there: what is looked at is not an empty store", async () => {
  for (const page of ["harbour/anchor/index.html", "harbour/buoy/index.html", "harbour/crane/index.html"]) assert.ok(pages.includes(page), page);
  // JSON that hosts read under the names of pages.
  for (const page of ["oko/api/v1/plugins.html", "oko/api/v1/rpc/plugins.html", "bitcart/plugins.html"]) assert.ok(pages.includes(page), page);
  await withPage({}, async (page) => {
    await page.goto(`${site.url}harbour/anchor/`);
    const text = await page.evaluate(() => document.body.textContent);
    for (const trick of ["window.pwned=1", "window.pwned=7", "window.pwned=10", "window.pwned=47"]) assert.ok(text.includes(trick), trick);
    assert.ok((await page.locator(".readme").count()) === 1);
  });
});

for (const path of pages) {
  test(`${path} of a hostile store is inert`, async () => {
    await withPage({}, async (page) => {
      const faults = watchAll(page);
      await page.goto(site.url + path.replace(/index\.html$/, ""), { waitUntil: "networkidle" });
      assert.deepEqual(await page.evaluate(strangeElements), []);
      // What waits for a pointer, the keyboard or a focus gets it.
      await page.evaluate(() => {
        for (const element of document.querySelectorAll("body *")) {
          for (const name of ["mouseover", "focus", "toggle", "load", "error"]) element.dispatchEvent(new Event(name));
        }
      });
      for (let step = 0; step < 12; step++) await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
      assert.equal(page.frames().length, 1);
      assert.deepEqual(faults, []);
    });
  });
}

test("drawings, feeds and data of a hostile store are inert when they are opened by themselves", async () => {
  const others = all.filter((path) => /\.(svg|xml|json|txt)$/.test(path) && !path.startsWith("schema/"));
  assert.ok(others.filter((path) => path.endsWith("feed.xml")).length >= 4 && others.some((path) => path.endsWith("badge.svg")));
  // One page for all of them: to open a new one takes longer than to look at what is there.
  await withPage({}, async (page) => {
    const faults = watchAll(page);
    for (const path of others) {
      await page.goto(site.url + path, { waitUntil: "load" });
      assert.equal(await page.evaluate(() => globalThis.pwned), undefined, path);
      // Chromium shows a document that is not well-formed with an element of its own.
      assert.equal(await page.evaluate(() => document.querySelectorAll("parsererror").length), 0, path);
      assert.deepEqual(faults, [], path);
    }
  });
});

/** Runs in the page: everything that no page of ours has. */
function strangeElements() {
  const found = [];
  const allowed = /^(https?:|mailto:)/;
  const ofStrangers = "form, input, button, img, svg, math, video, audio, dialog, template, meta, link, [name]";
  for (const element of document.querySelectorAll("iframe, object, embed, base, style, portal")) found.push(`<${element.localName}>`);
  // Ids of headings and classes of coloured code are ours: no others are left.
  for (const { id } of document.querySelectorAll(".plugin .readme [id]")) if (!id.startsWith("readme-")) found.push(`the id ${id} in a stranger's text`);
  for (const { className } of document.querySelectorAll(".plugin .readme [class]")) if (!/^[csnkt]?$/.test(className)) found.push(`the class ${className} in a stranger's text`);
  for (const element of document.querySelectorAll(`.plugin .readme :is(${ofStrangers})`)) found.push(`<${element.localName}> in a stranger's text`);
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on|^(style|srcdoc|ping|target|formaction|autofocus)$/i.test(name)) found.push(`${element.localName} ${name}=${value}`);
      if (name === "href" && !allowed.test(element.href)) found.push(`${element.localName} ${value}`);
      if (name === "src" && new URL(value, location.href).origin !== location.origin) found.push(`${element.localName} ${value}`);
    }
    if (element.localName === "script" && !element.src && element.type !== "application/ld+json") found.push("script in the page");
    if (element.localName === "meta" && element.httpEquiv && element.httpEquiv !== "Content-Security-Policy") found.push(`meta ${element.httpEquiv}`);
  }
  for (const block of document.querySelectorAll('script[type="application/ld+json"]')) JSON.parse(block.textContent);
  for (const link of document.querySelectorAll(".plugin .readme a[href], a.out[href]")) {
    const to = new URL(link.href);
    // A link to a heading of the same text stays on the page.
    if (to.href.split("#")[0] === location.href.split("#")[0] && to.hash.startsWith("#readme-")) continue;
    if (to.origin === location.origin) found.push(`a link home in a stranger's text: ${link.href}`);
    if (!link.relList.contains("noopener")) found.push(`no noopener: ${link.href}`);
  }
  return found;
}

/** Collects what a page should not do, and what only tricks make one do. */
function watchAll(page) {
  // For a document that names no icon, Chromium looks for one where it used to be.
  const faults = watch(page, new URL("/favicon.ico", site.origin).href);
  page.on("dialog", (dialog) => { faults.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("popup", () => faults.push("a window was opened"));
  return faults;
}
