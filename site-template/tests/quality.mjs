// The search engine without a page: the same words as the index, and the plugin that each question means among the first
// three. The index is of tests/search/documents.json, and a test of the program keeps it true.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { PAGE, StaleIndex, openIndex } from "../search.js";
import { eachNear, lowerBound, openShard } from "../search_shards.js";
import { drawing } from "../mark.js";
import { forms, joined, words } from "../search_words.js";

const folder = new URL("search/", import.meta.url);
const json = async (name) => JSON.parse(await readFile(new URL(name, folder), "utf8"));
const read = (name) => json(`index/${name}.json`);

/** Without releases, plugins are numbered by host and id. */
const documents = (await json("documents.json")).sort((a, b) => (a.host === b.host ? (a.id < b.id ? -1 : 1) : a.host < b.host ? -1 : 1));

test("both sides make the same words", async () => {
  for (const example of await json("words.json")) {
    assert.deepEqual(words(example.text), example.words);
    assert.equal(joined(example.text), example.joined);
  }
});

test("both sides draw the same marks", async () => {
  for (const [id, drawn] of Object.entries(await json("../marks.json"))) assert.deepEqual(drawing(id), drawn, id);
});

test("words are looked up in the order of code points, in which the writer sorts them", () => {
  const sorted = ["a", "ab", "zebra", "\ud7ff", "\ufa0e", "\ufa0e\ufa0f", "\uffee", "\u{10330}", "\u{10330}a", "\u{20000}"];
  sorted.forEach((word, index) => assert.equal(lowerBound(sorted, word), index, word));
  assert.equal(lowerBound(sorted, "\ufa10"), 6);
  assert.equal(lowerBound(sorted, "\u{1f600}"), 9);
});

test("the plugin that is meant is among the first three of at least 95 %, and each kind of question holds its own", async () => {
  const index = await openIndex(read);
  const kinds = new Map();
  for (const { kind, query, wanted } of await json("queries.json")) {
    const { numbers } = await index.search({ query });
    const place = numbers.slice(0, 3).findIndex((number) => `${documents[number].host}/${documents[number].id}` === wanted);
    const told = kinds.get(kind) ?? { all: 0, found: 0, missed: [] };
    told.all += 1;
    if (place >= 0) told.found += 1;
    else told.missed.push(query);
    kinds.set(kind, told);
  }
  const sum = (key) => [...kinds.values()].reduce((total, told) => total + told[key], 0);
  const missed = [...kinds.values()].flatMap((told) => told.missed);
  assert.ok(sum("all") >= 120);
  assert.ok(sum("found") / sum("all") >= 0.95, `not found: ${missed.join("; ")}`);
  for (const [kind, told] of kinds) assert.ok(told.found / told.all >= 0.9, `${kind}: ${told.missed.join("; ")}`);
});

test("a name that is typed whole comes first, with any separators", async () => {
  const index = await openIndex(read);
  for (const wanted of documents.filter((_, number) => number % 7 === 0)) {
    for (const query of [wanted.id, wanted.id.replaceAll("-", " "), wanted.id.replaceAll("-", "_"), wanted.id.toUpperCase()]) {
      const { numbers } = await index.search({ query });
      const found = numbers.slice(0, 2).map((number) => documents[number].id);
      assert.ok(found.includes(wanted.id), `${query} finds ${found}`);
    }
  }
});

test("a question costs few files", async () => {
  const asked = [];
  const index = await openIndex((name) => (asked.push(name), read(name)));
  await index.search({ query: "jellyfish" });
  assert.equal(asked.length, 2, asked.join());
  await index.search({ query: "jellyfi" });
  assert.equal(asked.length, 2, asked.join());
});

test("pages of what is found do not overlap, and together are all of it", async () => {
  const index = await openIndex(read);
  const { total } = await index.search({ query: "segmentation" });
  const seen = new Set();
  for (let page = 1; page <= Math.ceil(total / PAGE); page += 1) (await index.search({ query: "segmentation", page })).numbers.forEach((number) => seen.add(number));
  assert.ok(total > PAGE);
  assert.equal(seen.size, total);
});

test("nothing found leads to names that are near", async () => {
  const index = await openIndex(read);
  const { total, near } = await index.search({ query: "jxllxfxsh" });
  assert.equal(total, 0);
  assert.ok(near.map((number) => documents[number].id).includes("jellyfish"), near.join());
});

test("questions of any shape are answered", async () => {
  const index = await openIndex(read);
  for (const query of ["", " ", "-", "a", "the", "(", "\\", "\u0000", "😀", "ß", "数据", "x".repeat(500), "a b c d e f g h i j k l", "constructor", "__proto__"]) {
    const { total, numbers } = await index.search({ query, page: 3 });
    assert.ok(total >= 0 && numbers.length <= PAGE, query);
  }
});

test("a file of another build is noticed", async () => {
  const index = await openIndex(async (name) => (name === "head" ? read(name) : { ...(await read(name)), stamp: "another" }));
  await assert.rejects(index.search({ query: "jellyfish" }), StaleIndex);
});

test("near words are those that the textbook says are near", () => {
  const vocabulary = ["abbey", "abbot", "able", "about", "above", "form", "format", "from", "segment", "segmentation", "sgement", "x"];
  const shard = openShard({ words: vocabulary.map((word) => `A${word}`).join(""), postings: "" });
  for (const word of ["form", "abuot", "segmantation", "abve", "xx", "segmnt"]) {
    for (const most of [1, 2]) {
      const found = new Map();
      eachNear(shard, word, most, (index, edits, goesOn) => goesOn || found.set(vocabulary[index], edits));
      const right = new Map(vocabulary.map((other) => [other, distance(word, other)]).filter(([, edits]) => edits <= most));
      assert.deepEqual(found, right, word);
    }
  }
});

test("forms go both ways", () => {
  for (const [one, other] of [["map", "maps"], ["query", "queries"], ["box", "boxes"], ["colour", "colors"], ["visualise", "visualize"], ["labelling", "labeling"]]) {
    assert.ok(forms(one).has(other), `${one} → ${other}`);
    assert.ok(forms(other).has(one), `${other} → ${one}`);
  }
});

/** The edits between two words, two neighbours that changed places being one. */
function distance(one, other) {
  const rows = [];
  for (let i = 0; i <= one.length; i += 1) {
    rows.push([i]);
    for (let j = 1; j <= other.length; j += 1) {
      if (i === 0) { rows[0].push(j); continue; }
      const costs = [rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)];
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) costs.push(rows[i - 2][j - 2] + 1);
      rows[i].push(Math.min(...costs));
    }
  }
  return rows[one.length][other.length];
}
