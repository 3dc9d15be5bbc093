// Opens a built store in Chromium: quiet console, no stranger asked, accessible in both themes, usable without scripts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { shopWindow } from "./browser_window.mjs";
import { axeFaults, sidewaysFaults } from "./page_checks.mjs";
import { languageFolders, samplePages, serve } from "./store.mjs";

const pages = await samplePages();
const { site, withPage, watch } = shopWindow(serve);

for (const [name, address] of Object.entries(pages)) {
  test(`the ${name} page opens without a message, a failed request or a stranger, and fits 360 pixels`, async () => {
    await withPage({ viewport: { width: 360, height: 740 } }, async (page) => {
      const faults = watch(page, name === "missing" ? site.url + address : null);
      const response = await page.goto(site.url + address, { waitUntil: "networkidle" });
      assert.equal(response.status(), name === "missing" ? 404 : 200);
      assert.equal(await page.locator("h1").count(), 1);
      assert.deepEqual(await sidewaysFaults(page), []);
      assert.deepEqual(faults, []);
    });
  });

  test(`the ${name} page is accessible in both themes`, async () => {
    await withPage({ colorScheme: "light", reducedMotion: "reduce" }, async (page) => {
      await page.goto(site.url + address);
      assert.deepEqual(await axeFaults(page, { onlyColour: false }), []);
      await page.emulateMedia({ colorScheme: "dark" });
      assert.deepEqual(await axeFaults(page, { onlyColour: true }), []);
    });
  });
}

test("without scripts the plugin page shows its facts and no dead button", async () => {
  await withPage({ javaScriptEnabled: false }, async (page) => {
    await page.goto(site.url + pages.plugin);
    assert.notEqual((await page.locator("h1").innerText()).trim(), "");
    for (const part of ["#install", "#facts", "#releases", ".facts dd", ".command code", "tbody time"]) {
      assert.ok(await page.locator(part).first().isVisible(), `${part} is not shown`);
    }
    assert.equal(await page.locator("button:visible").count(), 0);
  });
});

for (const [name, part] of Object.entries({ categories: ".index a", category: ".cards h3 a", author: ".cards h3 a", new: ".rows a", status: "#sources", about: "#ranking", guide: ".readme table", missing: ".topics a" })) {
  test(`without scripts the ${name} page shows what it is for`, async (context) => {
    if (pages[name] === undefined) return context.skip("this store has none");
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(site.url + pages[name]);
      assert.ok(await page.locator(part).first().isVisible(), `${part} is not shown`);
      assert.equal(await page.locator("main button:visible").count(), 0);
    });
  });
}

test("the language switch leads to the same page in the other language and back, with words of scripts too", async (context) => {
  const [folder] = await languageFolders();
  if (!folder) return context.skip("this store has one language");
  await withPage({}, async (page) => {
    const faults = watch(page, null);
    await page.goto(site.url + pages.plugin, { waitUntil: "networkidle" });
    const here = await page.locator("html").getAttribute("lang");
    const copy = () => page.locator(".install .copy").first().innerText();
    const word = await copy();
    await page.locator(".languages a").first().click();
    await page.waitForURL(site.url + folder + pages.plugin);
    assert.notEqual(await page.locator("html").getAttribute("lang"), here);
    await page.locator(".install .copy").first().waitFor();
    assert.notEqual(await copy(), word);
    assert.ok((await page.locator(".crumbs a").last().evaluate((link) => link.href)).startsWith(site.url + folder));
    await page.waitForLoadState("networkidle");
    await page.locator(".languages a").first().click();
    await page.waitForURL(site.url + pages.plugin, { waitUntil: "networkidle" });
    assert.deepEqual(faults, []);
  });
});

for (const name of ["front", "host", "plugin", "new"]) {
  test(`the ${name} page is light`, async () => {
    await withPage({}, async (page) => {
      let bytes = 0;
      const seen = [];
      page.on("response", (response) => seen.push(response));
      await page.goto(site.url + pages[name], { waitUntil: "networkidle" });
      for (const response of seen.filter((it) => !/^image\/(?:png|jpeg|webp)/.test(it.headers()["content-type"] ?? ""))) bytes += gzipSync(await response.body()).length;
      const most = { front: 60_000, plugin: 80_000 }[name] ?? 80_000;
      assert.ok(bytes <= most, `${bytes} bytes`);
    });
  });
}

test("without scripts every plugin is reached by links alone", async () => {
  await withPage({ javaScriptEnabled: false }, async (page) => {
    await page.goto(site.url);
    await page.locator(".hosts a").first().click();
    await page.locator(".cards h3 a").first().click();
    assert.ok(await page.locator("#facts").isVisible());
  });
});

test("the theme switch changes the theme, and the next page keeps it from its first paint", async () => {
  await withPage({ colorScheme: "light" }, async (page) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.goto(site.url);
    const light = await paper();
    const button = page.locator("button.theme");
    await button.click();
    assert.equal(await button.getAttribute("aria-pressed"), "true");
    const dark = await paper();
    assert.notEqual(dark, light);
    await page.goto(site.url + pages.plugin);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
    assert.equal(await paper(), dark);
    await page.locator("button.theme").click();
    assert.equal(await paper(), light);
  });
});

test("the copy button copies the install command and says so", async () => {
  await withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await page.goto(site.url + pages.plugin);
    const command = page.locator(".install .command").first();
    await command.locator("button.copy").click();
    await command.locator("button.done").waitFor();
    assert.notEqual(await command.getByRole("status").innerText(), "");
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await command.locator("code").innerText());
  });
});

test("the skip link is the first stop of the keyboard and leads to the content", async () => {
  await withPage({}, async (page) => {
    await page.goto(site.url);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  });
});
