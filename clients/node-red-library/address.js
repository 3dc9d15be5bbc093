// Addresses: which store may be asked, and what of it.
"use strict";

const TYPES = ["flows", "functions", "templates"];

// As the store names its folders and files; it leaves out whatever begins with a dot.
const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._()+-]*$/;

/** The address of a library, with a slash at its end. Throws for one that is not asked. */
function baseOf(text) {
  let url;
  try {
    url = new URL(String(text));
  } catch {
    throw new Error(`\`${text}\` is no address: write the one of the library, such as https://store.example/node-red/library/`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname))) {
    throw new Error(`\`${url.protocol}//${url.host}\` is not asked: only https is, and http on this machine`);
  }
  if (url.username || url.password) {
    throw new Error("an address with a password in it is not asked");
  }
  url.search = "";
  url.hash = "";
  url.pathname = url.pathname.replace(/\/*$/, "/");
  return url;
}

function isLoopback(host) {
  return host === "localhost" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What lies at `path` of `type`: a folder where that is empty or ends with a slash, else a file; and its address. */
function entryOf(base, type, path) {
  if (!TYPES.includes(type)) {
    throw new Error(`a store has no \`${type}\``);
  }
  const isFolder = path === "" || path.endsWith("/");
  const parts = path.split("/").slice(0, isFolder ? -1 : undefined);
  if (!parts.every((part) => NAME.test(part))) {
    throw new Error(`\`${path}\` is no name of a store`);
  }
  const below = [isFolder ? "list/" : "", `${type}/`, ...parts.map((part) => `${encodeURIComponent(part)}/`)].join("");
  const address = isFolder ? `${below}index.json` : below.slice(0, -1);
  return { isFolder, url: new URL(address, base).href };
}

/** Whether a store may give this name to a folder or a file. */
function isName(name) {
  return typeof name === "string" && NAME.test(name);
}

module.exports = { TYPES, baseOf, entryOf, isName };
