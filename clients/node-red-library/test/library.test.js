// The library against a server on this machine that answers as a store does, and as one that is broken.
"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const { after, before, beforeEach, test } = require("node:test");

const { Library } = require("../library.js");
const { MOST_BYTES } = require("../fetch.js");

const FLOW = [{ id: "a1f1", type: "tab", label: "Tides" }];
const PAGES = {
  "/node-red/library/list/flows/index.json": JSON.stringify(["sea (north)", { fn: "At the root.json" }]),
  "/node-red/library/list/flows/sea%20(north)/index.json": JSON.stringify([{ fn: "Ebb + flood.json" }]),
  "/node-red/library/flows/sea%20(north)/Ebb%20%2B%20flood.json": JSON.stringify(FLOW),
  "/node-red/library/flows/No list.json": JSON.stringify({ flows: FLOW }),
  "/node-red/library/flows/Cut.json": "[{",
  "/node-red/library/functions/Beaufort.js": "// name: Beaufort\n// outputs: 1\nmsg.payload = 7;\n// note: kept\nreturn msg;\n",
  "/node-red/library/functions/Nothing.js": "// name: Nothing",
  "/node-red/library/templates/Height.mustache": "{{payload}} m\n",
  "/node-red/library/list/functions/index.json": "<!doctype html>",
  "/node-red/library/list/templates/index.json": JSON.stringify({ fn: "Height.mustache" }),
  "/node-red/library/list/flows/odd/index.json": JSON.stringify([
    "sea", "../up", ".hidden", "a/b", "<b>", 7, null, { fn: "Ebb.json", html: "<script>" }, { fn: "../x.json" }, { name: "x" },
  ]),
};

let server;
let base;
let requests = [];
let answer = null;

before(async () => {
  server = http.createServer((request, response) => {
    requests.push(request);
    if (answer) {
      answer(request, response);
      return;
    }
    const body = PAGES[request.url] ?? PAGES[decodeURI(request.url)];
    const etag = `"${body?.length}"`;
    if (body === undefined) {
      response.writeHead(404).end("not here");
    } else if (request.headers["if-none-match"] === etag) {
      response.writeHead(304).end();
    } else {
      response.writeHead(200, { ETag: etag }).end(body);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${server.address().port}/node-red/library`;
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(() => {
  requests = [];
  answer = null;
});

function library(more = {}) {
  const warnings = [];
  const config = { id: "store", type: "node-red-library-shopfront", url: base, ...more };
  const opened = new Library(config, (message) => warnings.push(message));
  return { opened, config, warnings };
}

test("a folder is what the store lists", async () => {
  const { opened } = library();
  assert.deepEqual(await opened.getEntry("flows", ""), ["sea (north)", { fn: "At the root.json" }]);
  assert.deepEqual(await opened.getEntry("flows", "sea (north)/"), [{ fn: "Ebb + flood.json" }]);
  assert.deepEqual(await opened.getEntry("flows"), ["sea (north)", { fn: "At the root.json" }]);
});

test("a flow is a list of nodes", async () => {
  assert.deepEqual(await library().opened.getEntry("flows", "sea (north)/Ebb + flood.json"), FLOW);
});

test("a function and a template are what stands below the lines about them", async () => {
  const { opened } = library();
  assert.equal(await opened.getEntry("functions", "Beaufort.js"), "msg.payload = 7;\n// note: kept\nreturn msg;\n");
  assert.equal(await opened.getEntry("functions", "Nothing.js"), "");
  assert.equal(await opened.getEntry("templates", "Height.mustache"), "{{payload}} m\n");
});

test("nothing can be saved, and Node-RED is told so", () => {
  const { opened, config } = library();
  assert.equal(opened.saveEntry, undefined);
  assert.equal(config.readOnly, true);
  assert.deepEqual(config.types, ["flows", "functions", "templates"]);
  assert.deepEqual(library({ types: ["flows"], icon: "font-awesome/fa-anchor" }).config.types, ["flows"]);
});

test("what did not change is not sent again", async () => {
  const { opened } = library();
  const first = await opened.getEntry("flows", "");
  assert.deepEqual(await opened.getEntry("flows", ""), first);
  const [asked, again] = requests.map((request) => request.headers["if-none-match"]);
  assert.equal(asked, undefined);
  assert.match(again, /^"\d+"$/);
});

test("what changed is sent", async () => {
  const { opened } = library();
  await opened.getEntry("flows", "");
  answer = (request, response) => response.writeHead(200, { ETag: '"new"' }).end('["new"]');
  assert.deepEqual(await opened.getEntry("flows", ""), ["new"]);
});

test("a folder that can not be had is an empty one, with a warning", async () => {
  for (const [type, path] of [["flows", "gone/"], ["functions", ""], ["templates", ""]]) {
    const { opened, warnings } = library();
    assert.deepEqual(await opened.getEntry(type, path), []);
    assert.equal(warnings.length, 1, `${type}/${path}`);
  }
});

test("of a folder only names are taken that a store gives", async () => {
  assert.deepEqual(await library().opened.getEntry("flows", "odd/"), ["sea", { fn: "Ebb.json" }]);
});

test("what a broken store sends reaches the log as one plain line", async () => {
  const loud = '["a",\n\x1b[2J\u202e\u2028::error::x' + "y".repeat(5_000);
  answer = (request, response) => response.writeHead(200).end(loud);
  const { opened, warnings } = library();
  assert.deepEqual(await opened.getEntry("flows", ""), []);
  const fault = await opened.getEntry("flows", "Loud.json").catch((it) => it);
  for (const told of [warnings[0], fault.message]) {
    assert.match(told, /is no JSON/);
    assert.doesNotMatch(told, /[\p{C}\p{Zl}\p{Zp}]/u);
    assert.ok(told.length < 400, told);
  }
});

test("a file that can not be had is an error that says so", async () => {
  const { opened } = library();
  await assert.rejects(opened.getEntry("flows", "Gone.json"), { code: "not_found" });
  await assert.rejects(opened.getEntry("flows", "No list.json"), /is no flow/);
  await assert.rejects(opened.getEntry("flows", "Cut.json"), SyntaxError);
});

test("nothing is asked for outside of the library", async () => {
  const { opened } = library();
  for (const path of ["../store.json", "a/../../b/", "..", "./a.json", "/etc/passwd", "a//b", "a\\b", "a?b", "a#b", "%2e%2e/", ".hidden/", "a\0b", "ä.json"]) {
    await assert.rejects(opened.getEntry("flows", path), /is no name of a store/, path);
  }
  for (const type of ["credentials", "..", "__proto__", ""]) {
    await assert.rejects(opened.getEntry(type, ""), /a store has no/, type);
  }
  assert.equal(requests.length, 0);
});

test("a store that does not answer is given up", async () => {
  answer = () => {};
  const { opened, warnings } = library({ timeout: 0.2 });
  assert.deepEqual(await opened.getEntry("flows", ""), []);
  await assert.rejects(opened.getEntry("flows", "Slow.json"), { name: "TimeoutError" });
  assert.match(warnings[0], /timeout/);
});

test("a body that drips is given up as well", async () => {
  answer = (request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  };
  assert.deepEqual(await library({ timeout: 0.2 }).opened.getEntry("flows", ""), []);
});

test("no more is read than a store may publish", async () => {
  answer = (request, response) => response.writeHead(200).end(`["${"a".repeat(MOST_BYTES)}"]`);
  const { opened, warnings } = library();
  assert.deepEqual(await opened.getEntry("flows", ""), []);
  assert.match(warnings[0], /larger than/);
  await assert.rejects(opened.getEntry("functions", "Large.js"), /larger than/);
});

test("no other host is asked, wherever the store leads", async () => {
  answer = (request, response) => response.writeHead(302, { Location: "https://elsewhere.example/" }).end();
  const { opened, warnings } = library();
  assert.deepEqual(await opened.getEntry("flows", ""), []);
  assert.match(warnings[0], /status 302/);
});

test("bytes that are no text are no file", async () => {
  answer = (request, response) => response.writeHead(200).end(Buffer.from([0xff, 0xfe, 0x00]));
  await assert.rejects(library().opened.getEntry("functions", "Odd.js"), TypeError);
});

test("only https is asked, and http on this machine", () => {
  for (const url of ["https://store.example/node-red/library/", "http://localhost:8000/", "http://127.0.0.2/x", "http://[::1]:80/"]) {
    library({ url });
  }
  for (const url of ["http://store.example/", "ftp://store.example/", "file:///srv/", "javascript:alert(1)", "store.example", undefined, "http://localhost.example/", "https://mira:secret@store.example/"]) {
    assert.throws(() => library({ url }), undefined, String(url));
  }
});

test("a time-out is a number of seconds", () => {
  for (const timeout of [0, -1, "soon", 1e9]) {
    assert.throws(() => library({ timeout }), /timeout/);
  }
});

test("the plugin registers itself for Node-RED", async () => {
  const registered = {};
  const warnings = [];
  const RED = { log: { warn: (message) => warnings.push(message) }, plugins: { registerPlugin: (id, it) => (registered[id] = it) } };
  require("../plugin.js")(RED);
  const plugin = registered["node-red-library-shopfront"];
  assert.equal(plugin.type, "node-red-library-source");
  const config = { id: "store", url: base };
  const source = new plugin.class(config);
  assert.deepEqual(await source.getEntry("functions", ""), []);
  assert.equal(config.readOnly, true);
  assert.match(warnings[0], /^\[node-red-library-shopfront\] /);
  assert.throws(() => new plugin.class({ id: "store", url: "http://store.example/" }), /only https/);
});
