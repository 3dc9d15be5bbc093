// What every test of a built store needs: its folder, its addresses, and a server that behaves as a plain file host does.
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { createSecureServer } from "node:http2";
import { readFile, readdir, stat } from "node:fs/promises";
import { extname, join, relative, resolve, sep } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";

export const folder = resolve(process.env.SITE_DIR ?? "dist");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".xml": "application/xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".txt": "text/plain; charset=utf-8",
};

/** The path below which the store lives, from its own address: `/` or `/store/`. */
export async function basePath() {
  const catalogue = JSON.parse(await readFile(join(folder, "plugins.json"), "utf8"));
  const path = new URL(catalogue.store.url).pathname;
  return path.endsWith("/") ? path : `${path}/`;
}

/** Every file of the store, as addresses below its base, sorted. */
export async function files() {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

/** One page of each type, as addresses below the base; host and plugin are those with the most to show. */
export async function samplePages() {
  const pages = (await files()).filter((path) => path.endsWith("/index.html"));
  const isOwn = (path) => /^(?:api|errors|docs|categories|authors|keywords|new|status|about|search|plugins|[a-z]{2}(?:-[a-z]{2})?)\//.test(path);
  const isPlugin = (path) => path.split("/").length === 3 && !isOwn(path);
  const isHost = (path) => path.split("/").length === 2 && !isOwn(path) && plugins.some((plugin) => plugin.startsWith(path.replace("index.html", "")));
  const plugins = pages.filter(isPlugin);
  return {
    front: "",
    host: addressOf(await largest(pages.filter(isHost))),
    plugin: addressOf(await largest(plugins, 'id="install"')),
    error: addressOf(pages.find((path) => /^errors\/[^/]+\/index\.html$/.test(path)) ?? fail("no page about a code")),
    codes: "errors/",
    categories: "categories/",
    ...(await sampleOf(pages, "category", "categories/")),
    authors: "authors/",
    ...(await sampleOf(pages, "author", "authors/")),
    keywords: "keywords/",
    ...(await sampleOf(pages, "keyword", "keywords/")),
    new: "new/",
    status: "status/",
    about: "about/",
    docs: "docs/",
    guide: "docs/format/",
    missing: "there/is/nothing/here",
  };
}

/** The largest page of one folder, when there is one. */
async function sampleOf(pages, name, folderOfPages) {
  const found = pages.filter((path) => path.startsWith(folderOfPages) && path.split("/").length === 3);
  return found.length ? { [name]: addressOf(await largest(found)) } : {};
}

/** The folders of further languages, such as `de/`. */
export async function languageFolders() {
  return (await files()).map((path) => /^([a-z]{2}(?:-[a-z]{2})?\/)index\.html$/.exec(path)?.[1]).filter(Boolean);
}

/** The largest of these pages that holds the text. */
async function largest(paths, text = "") {
  const sizes = await Promise.all(paths.map(async (path) => [(await stat(join(folder, path))).size, path]));
  sizes.sort(([a, x], [b, y]) => b - a || (x < y ? -1 : 1));
  for (const [, path] of sizes) {
    if ((await readFile(join(folder, path), "utf8")).includes(text)) return path;
  }
  return fail(`no such page in ${folder}`);
}

function addressOf(path) {
  return path.replace(/index\.html$/, "");
}

function fail(message) {
  throw new Error(message);
}

/** Serves the folder below its base on loopback; answers 404 with the store's own page. */
export function serve() {
  return served("http", createServer, (type, bytes) => ({ headers: { "content-type": type }, bytes }));
}

/**
 * The same as GitHub Pages does it: over HTTP/2, with texts compressed, and a browser keeps what it has for ten minutes.
 * Nobody vouches for the certificate: the browser has to be told to ignore that.
 */
export async function serveLikePages() {
  const certificate = await certificateOfToday();
  return served("https", (answer) => createSecureServer(certificate, answer), (type, bytes) => {
    const headers = { "content-type": type, "cache-control": "max-age=600", vary: "Accept-Encoding" };
    const isText = /^(?:text\/|application\/(?:json|xml)|image\/svg)/.test(type);
    return isText ? { headers: { ...headers, "content-encoding": "gzip" }, bytes: gzipSync(bytes) } : { headers, bytes };
  });
}

async function certificateOfToday() {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const { stdout } = await promisify(execFile)("openssl", ["req", "-x509", ...key, "-days", "1", "-subj", "/CN=127.0.0.1", "-keyout", "-", "-out", "-"]);
  return { key: stdout, cert: stdout };
}

/** A server of `made` that sends what `wrapped` makes of each file. */
async function served(scheme, made, wrapped) {
  const base = await basePath();
  const server = made(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const found = pathname.startsWith(base) && (await fileAt(decodeURIComponent(pathname.slice(base.length))));
    const path = found || join(folder, "404.html");
    const { headers, bytes } = wrapped(TYPES[extname(path)] ?? "application/octet-stream", await readFile(path));
    response.writeHead(found ? 200 : 404, headers);
    response.end(bytes);
  });
  const sockets = new Set();
  server.on("connection", (socket) => sockets.add(socket.once("close", () => sockets.delete(socket))));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const origin = `${scheme}://127.0.0.1:${server.address().port}`;
  const close = () => new Promise((closed) => {
    server.close(closed);
    sockets.forEach((socket) => socket.destroy());
  });
  return { origin, url: `${origin}${base}`, close };
}

async function fileAt(address) {
  const path = join(folder, address);
  if (path !== folder && !path.startsWith(folder + sep)) return null;
  for (const candidate of [path, `${path}.html`, join(path, "index.html")]) {
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile()) return candidate;
  }
  return null;
}
