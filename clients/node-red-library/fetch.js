// One way to the store: bounded in time and size, and nothing is sent again that did not change.
"use strict";

// The store refuses larger files.
const MOST_BYTES = 1 << 20;
const MOST_KEPT = 200;

class Fetcher {
  constructor(seconds) {
    this.milliseconds = seconds * 1000;
    this.kept = new Map();
  }

  /** The text at `url`. Throws when it can not be had, with `code` "not_found" where it is not there. */
  async text(url) {
    const kept = this.kept.get(url);
    const headers = kept ? { "If-None-Match": kept.etag } : {};
    const signal = AbortSignal.timeout(this.milliseconds);
    // The store was named, and no other host is asked in its stead.
    const response = await fetch(url, { headers, redirect: "manual", signal });
    if (response.status === 304 && kept) {
      await response.body?.cancel();
      this.keep(url, kept);
      return kept.text;
    }
    if (response.status !== 200) {
      await response.body?.cancel();
      const fault = new Error(`the store answers with status ${response.status} for ${url}`);
      throw Object.assign(fault, response.status === 404 || response.status === 410 ? { code: "not_found" } : {});
    }
    const text = await bounded(response);
    const etag = response.headers.get("etag");
    this.kept.delete(url);
    if (etag) {
      this.keep(url, { etag, text });
    }
    return text;
  }

  // What was asked for last stays longest.
  keep(url, entry) {
    this.kept.delete(url);
    this.kept.set(url, entry);
    if (this.kept.size > MOST_KEPT) {
      this.kept.delete(this.kept.keys().next().value);
    }
  }
}

async function bounded(response) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new Error(`${response.url} is larger than ${MOST_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}

module.exports = { Fetcher, MOST_BYTES };
