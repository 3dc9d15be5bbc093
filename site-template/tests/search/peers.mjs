// Measures search beside MiniSearch and Pagefind, where they are installed:
//   PEERS=FOLDER node tests/search/peers.mjs quality STORE      the questions, over a built store
//   PEERS=FOLDER node tests/search/peers.mjs speed STORE…       bytes of a first question, time of a keystroke
// STORE is a folder that `build` published, PEERS one with `node_modules`. Bytes are what gzip -6 leaves.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { openIndex } from "../../search.js";

const [what, ...stores] = process.argv.slice(2);
const peers = process.env.PEERS ? resolve(process.env.PEERS, "node_modules") : "";
const scripts = ["browse", "browse_facets", "browse_results", "mark", "search", "search_box", "search_rank", "search_shards", "search_words"];

for (const store of stores) {
  if (what === "quality") await quality(store);
  else await speed(store);
}

async function quality(store) {
  const questions = JSON.parse(await readFile(new URL("queries.json", import.meta.url), "utf8"));
  for (const engine of await engines(store)) {
    const tally = { first: 0, three: 0 };
    const missed = [];
    for (const { query, wanted } of questions) {
      const place = (await engine.ask(query)).slice(0, 3).indexOf(wanted);
      if (place === 0) tally.first += 1;
      if (place >= 0) tally.three += 1;
      else missed.push(query);
    }
    const share = (count) => `${((100 * count) / questions.length).toFixed(1)} %`;
    console.log(`| ${engine.name} | ${share(tally.first)} | ${share(tally.three)} |`);
    if (process.env.MISSED) console.log(missed.join("; "));
    await engine.close?.();
  }
}

async function speed(store) {
  const { plugins } = JSON.parse(await readFile(join(store, "plugins.json"), "utf8"));
  const chosen = Array.from({ length: 40 }, (_, index) => plugins[Math.floor((index * plugins.length) / 40)]);
  const questions = chosen.map((plugin, index) => question(plugin, index));
  for (const engine of await engines(store)) {
    const bytes = [];
    for (const query of questions.slice(0, engine.isSlow ? 5 : 40)) bytes.push(await engine.cost(query));
    const times = [];
    for (const query of questions.slice(0, engine.isSlow ? 8 : 40)) {
      for (let length = 1; length <= query.length; length += 1) {
        await engine.ask(query.slice(0, length));
        const start = performance.now();
        await engine.ask(query.slice(0, length));
        times.push(performance.now() - start);
      }
    }
    const at = (list, share) => list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
    const kilobytes = (share) => `${(at(bytes, share) / 1000).toFixed(1)}`;
    console.log(`| ${plugins.length} | ${engine.name} | ${kilobytes(0.5)} | ${kilobytes(1)} | ${at(times, 0.5).toFixed(2)} | ${at(times, 0.95).toFixed(2)} | ${at(times, 1).toFixed(1)} |`);
    await engine.close?.();
  }
}

/** A name, words of a description, or a name with a mistake. */
function question({ id, display_description: description }, index) {
  if (index % 4 === 1) return description.split(/\W+/).filter((word) => word.length > 4).slice(0, 2).join(" ");
  if (index % 4 === 2 && id.length > 6) return id.slice(0, 3) + id.slice(4);
  return id;
}

async function engines(store) {
  const all = [await ours(store)];
  if (isInstalled("minisearch")) all.push(await miniSearch(store));
  if (isInstalled("pagefind")) all.push(await pagefind(store));
  return all;
}

function isInstalled(name) {
  return peers !== "" && existsSync(join(peers, name));
}

async function gzipped(path) {
  return gzipSync(await readFile(path), { level: 6 }).length;
}

async function ours(store) {
  const folder = join(store, "assets", "search");
  const read = async (name) => JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"));
  const index = await openIndex(read);
  // What the page counts without anybody opening a group more.
  const counted = index.head.facets.slice(0, index.head.count > 20_000 ? 2 : 4).map(({ id }) => id);
  const ofScripts = (await Promise.all(scripts.map((name) => gzipped(join(store, "assets", `${name}.js`))))).reduce((sum, bytes) => sum + bytes, 0);
  const ask = async (query) => {
    const { numbers } = await index.search({ query, counted });
    return (await index.cards(numbers)).map(({ host, id }) => `${host}/${id}`);
  };
  const cost = async (query) => {
    const names = new Set();
    const cold = await openIndex((name) => (names.add(name), read(name)));
    const { numbers } = await cold.search({ query, counted });
    await cold.cards(numbers);
    const sizes = await Promise.all([...names].map((name) => gzipped(join(folder, `${name}.json`))));
    return ofScripts + sizes.reduce((sum, bytes) => sum + bytes, 0);
  };
  return { name: "ours", ask, cost };
}

/** One index of the same fields, long descriptions as far as `api/v1` has them; prefixes and mistakes as its manual advises. */
async function miniSearch(store) {
  const { default: MiniSearch } = await import(pathToFileURL(join(peers, "minisearch/dist/es/index.js")));
  const { plugins } = JSON.parse(await readFile(join(store, "plugins.json"), "utf8"));
  const engine = new MiniSearch({
    fields: ["display_name", "id", "module_name", "keywords", "author", "categories", "display_description"],
    storeFields: ["display_name", "display_description", "author", "version", "released_at"],
    idField: "key",
    searchOptions: { prefix: true, fuzzy: 0.2, combineWith: "AND", boost: { display_name: 3, id: 3, keywords: 2 } },
  });
  engine.addAll(plugins.map((plugin) => ({ ...plugin, key: `${plugin.host}/${plugin.id}`, keywords: plugin.keywords.join(" "), categories: plugin.categories.join(" ") })));
  const whole = gzipSync(JSON.stringify(engine), { level: 6 }).length + (await gzipped(join(peers, "minisearch/dist/es/index.js")));
  return { name: "MiniSearch", ask: async (query) => engine.search(query).map(({ id }) => id), cost: async () => whole };
}

/** Its own index of the built pages of plugins; it needs the web, so its files are read by a stand-in for `fetch`. */
async function pagefind(store) {
  const output = await mkdtemp(join(tmpdir(), "pagefind-"));
  const program = join(peers, "pagefind/lib/runner/bin.cjs");
  execFileSync(process.execPath, [program, "--site", store, "--glob", "*/*/index.html", "--output-path", output], { stdio: "ignore" });
  let fetched = new Set();
  globalThis.fetch = async (address) => {
    const path = new URL(String(address), pathToFileURL(`${output}/`)).pathname;
    fetched.add(path);
    return new Response(await readFile(path));
  };
  const open = async (mark) => {
    const engine = await import(`${pathToFileURL(join(output, "pagefind.js")).href}?${mark}`);
    await engine.options({ basePath: `${pathToFileURL(output).href}/`, baseUrl: "/" });
    await engine.init();
    return engine;
  };
  const engine = await open("ask");
  const keyOf = ({ url }) => url.replace(/^\/|\/(index\.html)?$/g, "");
  const ask = async (query, most = 3) => {
    const { results } = await engine.search(query);
    return (await Promise.all(results.slice(0, most).map((result) => result.data()))).map(keyOf);
  };
  let count = 0;
  const cost = async (query) => {
    fetched = new Set();
    count += 1;
    const cold = await open(count);
    const { results } = await cold.search(query);
    await Promise.all(results.slice(0, 20).map((result) => result.data()));
    // Its files are compressed already, but for its script.
    const sizes = await Promise.all([...fetched].map(async (path) => (await stat(path)).size));
    return (await gzipped(join(output, "pagefind.js"))) + sizes.reduce((sum, bytes) => sum + bytes, 0);
  };
  return { name: "Pagefind", ask, cost, isSlow: true, close: () => rm(output, { recursive: true }) };
}

