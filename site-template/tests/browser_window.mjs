// Opens the installed Chromium without its calls home.
import process from "node:process";
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
