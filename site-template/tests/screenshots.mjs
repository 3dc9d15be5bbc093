// Writes a picture of each page type, light and dark, on a phone and a desk: node tests/screenshots.mjs FOLDER
// WIDTHS=768,1920 takes other widths.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { openBrowser } from "./browser_window.mjs";
import { samplePages, serve } from "./store.mjs";

const target = process.argv[2];
if (!target) {
  console.error("usage: SITE_DIR=dist node tests/screenshots.mjs FOLDER [ADDRESS…]");
  process.exit(2);
}
const HIGHEST = 8000;
const widths = (process.env.WIDTHS ?? "360,1280").split(",").map(Number);
const more = Object.fromEntries(process.argv.slice(3).map((address) => [address.replaceAll("/", "-").replace(/-$/, ""), address]));

await mkdir(target, { recursive: true });
const site = await serve();
const browser = await openBrowser();
for (const colorScheme of ["light", "dark"]) {
  for (const width of widths) {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 }, reducedMotion: "reduce" });
    for (const [name, address] of Object.entries({ ...(await samplePages()), browse: "plugins/", ...more })) {
      await page.goto(site.url + address);
      // Browsers draw no picture of any height.
      const height = Math.min(await page.evaluate(() => document.documentElement.scrollHeight), HIGHEST);
      await page.screenshot({ path: join(target, `${name}-${width}-${colorScheme}.png`), fullPage: true, clip: { x: 0, y: 0, width, height } });
    }
    await page.close();
  }
}
await browser.close();
await site.close();
