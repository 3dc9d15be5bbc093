// A store as it is served, and the installed Chromium to look at it, without its calls home.
import process from "node:process";
import { after, before } from "node:test";
import { chromium } from "playwright-core";

/** A headless browser; `CHROMIUM` names another executable. */
export function openBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * Serves the store and opens a browser before the first test of a file, and ends both behind the last. `site` has its
 * addresses from then on.
 */
export function shopWindow(serve) {
  const site = {};
  let browser;
  before(async () => {
    Object.assign(site, await serve());
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await site.close?.();
  });

  /** Does `work` with a page of its own. */
  async function withPage(options, work) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    try {
      await work(await context.newPage());
    } finally {
      await context.close();
    }
  }

  /** Collects what a page should not do. `missing` is the one address whose 404 is right. */
  function watch(page, missing = null) {
    const faults = [];
    page.on("console", (message) => {
      const isExpected = missing && message.location().url === missing && message.text().includes("404");
      if (!isExpected) faults.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("requestfailed", (request) => faults.push(`failed: ${request.url()}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(site.origin)) faults.push(`another origin: ${request.url()}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400 && response.url() !== missing) faults.push(`${response.status()}: ${response.url()}`);
    });
    return faults;
  }

  return { site, withPage, watch };
}
