// Opens every kind of page as slowly as a phone does, and sees that nothing moves while it loads.
import assert from "node:assert/strict";
import { test } from "node:test";
import { shopWindow } from "./browser_window.mjs";
import { samplePages, serve } from "./store.mjs";

const pages = await samplePages();
const { site, withPage } = shopWindow(serve);

for (const [name, address] of Object.entries({ ...pages, listing: "plugins/", query: "plugins/?q=a" })) {
  for (const width of [360, 768, 1280]) {
    test(`the ${name} page does not move while it loads at ${width} pixels`, async () => {
      await withPage({ viewport: { width, height: 800 } }, async (page) => {
        // As slow as a phone: what a fast machine does before its first paint, it does behind it.
        const session = await page.context().newCDPSession(page);
        await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
        await page.addInitScript(() => {
          globalThis.moved = [];
          const nameOf = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.outerHTML.slice(0, 60);
          const told = ({ value, sources }) => `${value.toFixed(4)} ${sources.map((it) => nameOf(it.node)).join(" ")}`;
          const observer = new PerformanceObserver((list) => globalThis.moved.push(...list.getEntries().map((entry) => [entry.value, told(entry)])));
          observer.observe({ type: "layout-shift", buffered: true });
        });
        await page.goto(site.url + address, { waitUntil: "networkidle" });
        const moved = await page.evaluate(() => globalThis.moved);
        assert.ok(moved.reduce((sum, [value]) => sum + value, 0) < 0.01, moved.map(([, told]) => told).join("\n"));
      });
    });
  }
}
