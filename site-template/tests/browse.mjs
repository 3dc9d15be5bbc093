// The list of all plugins in Chromium: searched, narrowed and sorted by keyboard alone; its state in the address; without
// scripts, everything still in reach.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { shopWindow } from "./browser_window.mjs";
import { folder, serve } from "./store.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { plugins } = JSON.parse(await readFile(join(folder, "plugins.json"), "utf8"));
const head = JSON.parse(await readFile(join(folder, "assets/search/head.json"), "utf8"));
// One whose name no other name begins with, long enough for a mistake.
const known = plugins.find(({ id, display_name }) => id.length >= 8 && display_name.toLowerCase().includes(id.split(/[-_.]/)[0]) && !display_name.startsWith("datasette-") && plugins.every((other) => other.id === id || !other.id.includes(id)));
const some = plugins[Math.floor(plugins.length / 2)];
const { site, withPage, watch } = shopWindow(serve);

const firstLink = (page) => page.locator("#list .card h3 a").first();
const total = async (page) => Number((await page.locator("#all").innerText()).match(/[\d,]+/)[0].replace(",", ""));
const exactly = (count) => new RegExp(`^${count} `);
const found = (page, text) => page.locator("#all", { hasText: text }).waitFor();

test("a plugin is found and opened by keyboard alone, from the front page", async () => {
  await withPage({}, async (page) => {
    await page.goto(site.url);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.type(known.id);
    await page.keyboard.press("Enter");
    await page.waitForURL(/plugins\/\?q=/);
    await found(page, `“${known.id}”`);
    assert.equal(await page.locator("#q").inputValue(), known.id);
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), known.display_name);
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/${known.host}/${known.id}/$`));
  });
});

test("a card that a script makes is the card of the pages", async (context) => {
  if (plugins.length <= 60) return context.skip("this store has one page");
  await withPage({ reducedMotion: "reduce" }, async (page) => {
    const cards = () => page.locator("#list .card").evaluateAll((all) => all.map((card) => {
      for (const link of card.querySelectorAll("a[href]")) link.setAttribute("href", link.href);
      for (const image of card.querySelectorAll("img")) image.setAttribute("src", image.src);
      return card.outerHTML.replace(/>\s+/g, ">").replace(/\s+</g, "<");
    }));
    await page.goto(`${site.url}plugins/_/2/`, { waitUntil: "networkidle" });
    const drawn = await cards();
    await page.goto(`${site.url}plugins/?page=2`);
    await found(page, "page 2");
    assert.deepEqual(await cards(), drawn);
  });
});

test("where scripts run, the next page of the list has its facets and order beside it", async (context) => {
  if (plugins.length <= 60) return context.skip("this store has one page");
  await withPage({}, async (page) => {
    await page.goto(`${site.url}plugins/`, { waitUntil: "networkidle" });
    await page.locator("#list .paging a[rel=next]").click();
    await page.waitForURL((url) => url.searchParams.get("page") === "2");
    await found(page, "page 2");
    assert.ok(await page.locator(".facets input").first().isVisible());
    await page.locator("#list .paging a[rel=prev]").click();
    await page.waitForURL((url) => url.search === "");
    assert.equal(await total(page), plugins.length);
    await page.goto(`${site.url}plugins/_/2/`);
    await page.locator(`main a[href$="plugins/"]`, { hasText: "Filter" }).click();
    await page.waitForURL(`${site.url}plugins/`);
  });
});

test("an address may ask for a facet of any name", async () => {
  for (const name of ["constructor", "__proto__", "toString"]) {
    await withPage({}, async (page) => {
      const faults = watch(page);
      await page.goto(`${site.url}plugins/?${name}=1`, { waitUntil: "networkidle" });
      await page.locator("#browse:not([aria-busy])").waitFor();
      assert.equal(await total(page), plugins.length);
      assert.deepEqual(faults, []);
    });
  }
});

test("from every page a search is one key away, and what is typed there is searched", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${site.url}${some.host}/${some.id}/`);
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement.id), "q");
    await page.keyboard.type(known.id);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${site.url}plugins/?q=${known.id}`);
    await found(page, `“${known.id}”`);
  });
});

test("what is typed is answered, marked and announced, and stands in the address", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${site.url}plugins/`);
    await page.locator("#q").pressSequentially(known.id, { delay: 15 });
    await found(page, `“${known.id}”`);
    await page.waitForURL((url) => url.searchParams.get("q") === known.id);
    assert.equal(await firstLink(page).innerText(), known.display_name);
    assert.ok((await page.locator("#list mark").count()) > 0);
    await page.getByRole("status").getByText(`“${known.id}”`).waitFor({ state: "attached" });
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => url.search === "");
    assert.equal(await page.locator("#list .card").count(), Math.min(60, plugins.length));
  });
});

test("a typo finds, a link with a question works when it is opened cold", async () => {
  await withPage({}, async (page) => {
    const typo = known.id.slice(0, 3) + known.id.slice(4);
    await page.goto(`${site.url}plugins/?q=${encodeURIComponent(typo)}`);
    await found(page, `“${typo}”`);
    assert.ok((await page.locator("#list .card h3 a").allTextContents()).slice(0, 3).includes(known.display_name));
    assert.equal(await page.locator("#q").inputValue(), typo);
  });
});

test("facets are chosen by keyboard, counts follow, and back leads back", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${site.url}plugins/`);
    const facet = head.facets.find(({ values }) => values.length > 1);
    const [value, count] = facet.values.at(-1);
    const box = page.locator(`.facets input[name="${facet.id}"][value="${value}"]`);
    await box.focus();
    await page.keyboard.press("Space");
    await page.waitForURL((url) => url.searchParams.get(facet.id) === value);
    await found(page, exactly(count));
    assert.equal(await total(page), count);
    assert.equal(await box.isChecked(), true);
    // Of the other facets, the counts are of what is left.
    const other = head.facets.find(({ id }) => id !== facet.id && id !== "category");
    const numbers = await page.locator(`.facets input[name="${other.id}"]`).locator("xpath=ancestor::li").locator("small").allInnerTexts();
    assert.ok(numbers.every((number) => Number(number) <= count), numbers.join());
    await page.locator("#q").fill(some.id);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("q") === some.id && url.searchParams.get(facet.id) === value);
    await page.goBack();
    await page.waitForURL((url) => !url.searchParams.has("q") && url.searchParams.get(facet.id) === value);
    await found(page, exactly(count));
    assert.equal(await page.locator("#q").inputValue(), "");
    await page.goBack();
    await page.waitForURL((url) => url.search === "");
    assert.equal(await box.isChecked(), false);
    assert.equal(await total(page), plugins.length);
    await page.goForward();
    await found(page, exactly(count));
    assert.equal(await box.isChecked(), true);
  });
});

test("facets and order of an address are those of the page, and pages can be turned by keyboard", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${site.url}plugins/?sort=name`);
    await page.locator("#browse:not([aria-busy])").waitFor();
    assert.equal(await page.locator("#sort").inputValue(), "name");
    const names = await page.locator("#list .card h3 a").allTextContents();
    assert.deepEqual(names, names.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
    await page.locator("#list a[rel=next]").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("page") === "2");
    await found(page, "page 2");
    assert.equal(await page.evaluate(() => document.activeElement.id), "all");
    const more = await page.locator("#list .card h3 a").allTextContents();
    assert.equal(names.filter((name) => more.includes(name)).length, 0);
  });
});

test("nothing found says so and leads on", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${site.url}plugins/?q=qxzqxzqxz`);
    await found(page, "“qxzqxzqxz”");
    assert.equal(await page.locator("#list .card").count(), 0);
    await page.locator("#list .nothing a[data-go]").last().click();
    await page.waitForURL((url) => url.search === "");
    assert.ok((await page.locator("#list .card").count()) > 0);
    assert.equal(await page.locator("#q").inputValue(), "");
  });
});

test("a question that is markup stays text", async () => {
  await withPage({}, async (page) => {
    const query = '<img src=x onerror="document.title=1"> map';
    await page.goto(`${site.url}plugins/?q=${encodeURIComponent(query)}`);
    await page.locator("#browse:not([aria-busy])").waitFor();
    assert.ok((await page.locator("#list .card").count()) > 0);
    assert.equal(await page.locator("#browse img[src=x]").count(), 0);
    assert.notEqual(await page.title(), "1");
  });
});

test("an index that was published anew meanwhile is opened again", async () => {
  await withPage({}, async (page) => {
    let isOld = true;
    await page.route("**/search/head.json", async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      await route.fulfill({ response: answer, json: isOld ? { ...body, stamp: "000000000000" } : body });
      isOld = false;
    });
    await page.goto(`${site.url}plugins/?q=${known.id}`);
    await found(page, `“${known.id}”`);
    assert.equal(await firstLink(page).innerText(), known.display_name);
  });
});

for (const address of ["plugins/", `plugins/?q=${known.id}&sort=name`, "plugins/?q=qxzqxzqxz", "categories/"]) {
  test(`${address} is accessible, silent, and fits 360 pixels`, async () => {
    for (const [colorScheme, width] of [["light", 1280], ["dark", 1280], ["light", 360]]) {
      await withPage({ colorScheme, reducedMotion: "reduce", viewport: { width, height: 800 } }, async (page) => {
        const faults = watch(page);
        await page.goto(site.url + address, { waitUntil: "networkidle" });
        // While an answer is on its way, the old list is paler.
        await page.waitForFunction(() => !document.querySelector(".listing[aria-busy]"));
        const filters = page.locator(".facets > summary");
        if (width === 360 && (await filters.isVisible())) await filters.click();
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => (await globalThis.axe.run(document)).violations.flatMap(({ help, nodes }) => nodes.map((node) => `${help}: ${node.target}`)));
        assert.deepEqual(violations, []);
        const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(wide <= inner, `the page is ${wide} pixels wide`);
        assert.deepEqual(faults, []);
      });
    }
  });
}

test("without scripts, the pages of the list reach every plugin, and so do the categories those that have one", async () => {
  await withPage({ javaScriptEnabled: false }, async (page) => {
    await page.goto(`${site.url}plugins/`);
    assert.ok(await page.locator("noscript").isVisible());
    assert.deepEqual(await reached(page), new Set(plugins.map((it) => it.page)));
    await page.goto(`${site.url}categories/`);
    const links = await page.locator(".index a").evaluateAll((all) => all.map((link) => link.href));
    const inCategories = new Set();
    for (const link of links) {
      await page.goto(link);
      (await reached(page)).forEach((address) => inCategories.add(address));
    }
    assert.deepEqual(inCategories, new Set(plugins.filter((it) => it.categories.length > 0).map((it) => it.page)));
  });
});

/** The addresses of all entries on this page and the next ones, as the store publishes them. */
async function reached(page) {
  const base = JSON.parse(await readFile(join(folder, "plugins.json"), "utf8")).store.url;
  const all = new Set();
  for (;;) {
    const links = await page.locator(".cards .card h3 a").evaluateAll((cards) => cards.map((link) => link.href));
    links.forEach((link) => all.add(link.replace(site.url, base)));
    const next = page.locator("a[rel=next]");
    if ((await next.count()) === 0) return all;
    await next.click();
    // A page that is still coming has only its first cards.
    await page.waitForLoadState();
  }
}
