// Builds a store that has every state an entry can be in, and looks at each: valid, accessible in both themes, within 360
// pixels, silent, and in words that are true.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { shopWindow } from "./browser_window.mjs";
import { builtStore } from "./fixture_store.mjs";

const { end } = await builtStore("showcase");
const { htmlFaults } = await import("./html_checks.mjs");
const { axeFaults, sidewaysFaults } = await import("./page_checks.mjs");
const { files, serve } = await import("./store.mjs");

const { site, withPage, watch } = shopWindow(serve);
const all = (await files()).filter((path) => path.endsWith("index.html"));
// Pages of codes and guides are the same in every store; the second language has other words, and longer ones.
const looked = all.filter((path) => !/(?:^|\/)(?:errors|docs)\//.test(path) && (!path.startsWith("de/") || /lighthouse|early/.test(path)));
// What stands on top of a page in each state, and what is in it.
const states = ["lighthouse", "early", "gone", "held-back", "old", "unasked", "right-to-left"];
const heard = [...states.map((id) => `harbour/${id}/`), "", "harbour/", "status/"];
const inDark = ["harbour/lighthouse/", "harbour/gone/"];

after(end);

test("every page of every state is valid HTML", async () => {
  assert.deepEqual(await htmlFaults(looked), []);
});

test("every page of every state is silent and fits 360 pixels", async () => {
  await withPage({ viewport: { width: 360, height: 740 }, reducedMotion: "reduce" }, async (page) => {
    const faults = watch(page);
    for (const path of looked.filter((it) => it !== "harbour/beacon/index.html")) {
      await page.goto(site.url + path.replace(/index\.html$/, ""));
      assert.deepEqual(await sidewaysFaults(page), [], path);
    }
    // What the page before was still waiting for is given up.
    assert.deepEqual(faults.filter((fault) => !fault.startsWith("failed: ")), []);
  });
});

for (const address of heard) {
  test(`${address || "the front page"} is accessible`, async () => {
    await withPage({ colorScheme: "light", reducedMotion: "reduce" }, async (page) => {
      await page.goto(site.url + address);
      assert.deepEqual(await axeFaults(page, { onlyColour: false, grounds: ["--paper"] }), []);
      if (!inDark.includes(address)) return;
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await axeFaults(page, { onlyColour: true, grounds: ["--paper"] }), []);
    });
  });
}

/** What stands on which page, in the words of a reader; and, behind an exclamation mark, what does not. */
const SAID = {
  lighthouse: ["Known vulnerabilities in 3.9.0", "PYSEC-2026-77", "the repository linked here", "where releases come from", "With the extra test", "Also listed for Quay", "Apache License 2.0", "release 3.9.0 after 3.8.0", "listed again", "10 older"],
  early: ["Only pre-releases so far.", "The newest release needs Harbour 4.0a1 or newer. The newest release of Harbour is 3.1. The pre-release 4.0a1 is such a one."],
  "left-behind": ["needs Harbour in another version than those shown: >=0.5, <0.9"],
  gone: ["Gone.", "!The newest release needs"],
  stale: ["503 Service Unavailable"],
  yanked: ["Every release was yanked.", "it deletes the charts", "!The newest release needs"],
  "held-back": ["In quarantine.", "reported as malware"],
  archived: ["Archived.", "moved to another project"],
  old: ["Deprecated", "Use Lighthouse instead."],
  orphan: ["Abandoned"],
  waiting: ["Looking for a maintainer."],
  ghost: ["Withdrawn from this store."],
  unasked: ["no release known", "not-asked"],
  "../rig/described": ["Only its description is known here.", "!says where to get it"],
  "../rig/described-elsewhere": ["Its own page says where to get it."],
  "../board/tide-tables": ["“package” was read in the package itself. Read", "!Asked", "!by board/tide-tables", "The package: tide_tables-1.0.0.zip", "Connect Board to this store"],
};

test("each state is told in words, and once", async () => {
  await withPage({ javaScriptEnabled: false }, async (page) => {
    for (const [id, said] of Object.entries(SAID)) {
      await page.goto(`${site.url}harbour/${id}/`);
      const text = (await page.locator("main").evaluate((main) => main.textContent)).replace(/\s+/g, " ");
      for (const words of said) {
        if (words.startsWith("!")) assert.ok(!text.includes(words.slice(1)), `${id} says: ${words.slice(1)}`);
        else assert.ok(text.includes(words), `${id} does not say: ${words}`);
      }
      if (id !== "lighthouse") assert.ok(!text.includes("`"), `${id} shows a backtick`);
    }
    for (const [id, code] of Object.entries({ early: "only-prereleases", gone: "unknown-package", stale: "stale-answer", archived: "archived-project" })) {
      await page.goto(`${site.url}harbour/${id}/`);
      assert.equal(await page.locator(`a[href$="errors/${code}/"]`).count(), 1, `${id} tells ${code} once`);
    }
  });
});

test("the images of a plugin are its own, with words for those who do not see them", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${site.url}harbour/lighthouse/`, { waitUntil: "networkidle" });
    assert.equal(await page.locator(".shots img").count(), 2);
    for (const image of await page.locator("main img").all()) {
      await image.scrollIntoViewIfNeeded();
      await image.evaluate((it) => it.decode());
      assert.ok(await image.evaluate((it) => it.naturalWidth > 0 && it.hasAttribute("alt")));
    }
  });
});

test("a link to another store is one to a stranger's, in lists that a script makes too", async () => {
  await withPage({}, async (page) => {
    for (const address of ["harbour/", "plugins/", "plugins/?q=pilot"]) {
      await page.goto(site.url + address, { waitUntil: "networkidle" });
      const link = page.locator(".card h3 a", { hasText: "Pilot" });
      assert.equal(await link.getAttribute("href"), "https://sister.example/harbour/pilot/", address);
      assert.equal(await link.getAttribute("rel"), "noopener nofollow ugc", address);
      assert.equal(await link.getAttribute("dir"), "auto", address);
      assert.match(await link.locator("xpath=ancestor::li").innerText(), /listed by Sister store/);
    }
  });
});

test("a page that has moved leads on, and the tombstone is in no list", async () => {
  await withPage({}, async (page) => {
    await page.goto(`${site.url}harbour/beacon/`);
    await page.waitForURL(`${site.url}harbour/lighthouse/`);
    await page.goto(`${site.url}harbour/`);
    assert.equal(await page.locator(".card h3 a", { hasText: "Ghost" }).count(), 0);
  });
});

test("what the store says itself is marked as its own language on pages of another", async () => {
  await withPage({}, async (page) => {
    const marked = () => page.locator(".facets label span[lang=en]").allInnerTexts();
    await page.goto(`${site.url}de/plugins/`, { waitUntil: "networkidle" });
    assert.ok((await marked()).includes("Lights and signals"));
    await page.goto(`${site.url}plugins/`, { waitUntil: "networkidle" });
    assert.deepEqual(await marked(), []);
  });
});
