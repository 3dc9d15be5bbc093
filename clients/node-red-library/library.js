// The library of a store, as Node-RED asks for it. It has no `saveEntry`: nothing is ever written.
"use strict";

const { TYPES, baseOf, entryOf, isName } = require("./address.js");
const { Fetcher } = require("./fetch.js");

const SECONDS = 10;
const MOST_TOLD = 200;

class Library {
  /** `config` is the source as `settings.js` has it; `warn` takes a message. */
  constructor(config, warn) {
    this.base = baseOf(config.url);
    const seconds = Number(config.timeout ?? SECONDS);
    if (!(seconds > 0 && seconds <= 120)) {
      throw new Error(`\`timeout\` is a number of seconds up to 120, and not \`${config.timeout}\``);
    }
    this.fetcher = new Fetcher(seconds);
    this.warn = warn;
    // Node-RED reads these from the settings after this, and shows no way to save where a source is read-only.
    config.readOnly = true;
    config.types = config.types ?? TYPES;
    config.icon = config.icon ?? "font-awesome/fa-book";
  }

  /** A folder as a list: folders as texts, files as `{fn}`. A flow as a list of nodes, any other file as a text. */
  async getEntry(type, path) {
    const { isFolder, url } = entryOf(this.base, type, path ?? "");
    if (!isFolder) {
      return this.file(type, url);
    }
    try {
      return folder(await this.fetcher.text(url));
    } catch (fault) {
      // Whatever else the editor gets for a folder, it waits for ever.
      this.warn(`${url}: ${plain(reason(fault))}`);
      return [];
    }
  }

  async file(type, url) {
    const text = await this.fetcher.text(url);
    if (type !== "flows") {
      return withoutLines(text);
    }
    const flow = parsed(text, url);
    if (!Array.isArray(flow)) {
      throw new Error(`${url} is no flow`);
    }
    return flow;
  }
}

function folder(text) {
  const entries = parsed(text, "it");
  if (!Array.isArray(entries)) {
    throw new Error("it is no list of a folder");
  }
  const isEntry = (entry) => isName(entry) || isName(entry?.fn);
  return entries.filter(isEntry).map((entry) => (typeof entry === "string" ? entry : { fn: entry.fn }));
}

// Node-RED's own library keeps what it knows of a file in lines at its top, and takes them off again.
function withoutLines(text) {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => !/^\/\/ \w+: /.test(line));
  return first === -1 ? "" : lines.slice(first).join("\n");
}

// What is no JSON is quoted by the fault that says so.
function parsed(text, name) {
  try {
    return JSON.parse(text);
  } catch (fault) {
    throw new SyntaxError(`${name} is no JSON: ${plain(fault.message)}`);
  }
}

function reason(fault) {
  return fault.cause?.message ?? fault.message;
}

// One line for a log, short, and without what a terminal obeys or a reader does not see.
function plain(text) {
  const shown = [...String(text).slice(0, 2 * MOST_TOLD)].slice(0, MOST_TOLD).join("");
  return shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\u{fffd}");
}

module.exports = { Library };
