// The search engine: a question in, the numbers of plugins out. It reads the index that crates/shopfront/src/search/ writes, knows
// nothing of pages, and runs wherever a function can read its files.

import { EXACT_NAME, NAME_BEGINS, combine, narrow } from "./search_rank.js";
import { TELLS_NOTHING, WHOLE, eachNear, eachPosting, forgiven, lowerBound, numbersOf, openShard } from "./search_shards.js";
import { forms, joined, typed } from "./search_words.js";

const FORMAT = 2;
/** How many plugins a page of results has. */
export const PAGE = 20;
const MOST_WORDS = 8;
/** How many words are looked for in long descriptions, where each has a file of its own; of a long question, which says enough, one. */
const MOST_TEXTS = 2;
const LONG_QUESTION = 4;
/** How many shards the beginning of a word may lie in, and how many are looked through for words nearly like it. */
const MOST_SHARDS = 3;
const FEW_SHARDS = 4;
/** How many words with one beginning are looked at: a single letter asks for a tenth of all. */
const MOST_BEGINNINGS = 400;
const README_WEIGHT = 1;
/** How much the other number of a word is worth, of what the word itself is. */
const KIN = 0.95;

/** Files of two builds met: the index must be opened anew. */
export class StaleIndex extends Error {}

/** Opens the index; `read(name, stamp)` gives the parsed file of that name, of the build with that stamp where it can. */
export async function openIndex(read) {
  const head = await read("head", "");
  if (head.format !== FORMAT) throw new StaleIndex(`the index has the format ${head.format}`);
  return new Index(head, read);
}

class Index {
  #read;
  #files = new Map();
  #opened = new Map();
  #firsts;
  #stop;

  constructor(head, read) {
    this.head = head;
    this.#read = read;
    const split = (text) => (text === "" ? [] : text.split(" "));
    this.#firsts = { words: split(head.words), back: split(head.back), text: split(head.text) };
    this.#stop = new Set(split(head.stop));
  }

  /**
   * What is found: `numbers` of the plugins of one page of `size`, the `total`, `counts` for each of `counted` (a facet's values in
   * the order of the head), the `matched` words, and what was `done` about it: `all` words found, `some` of them, or `near`
   * ones. `chosen` has a list of values for each facet that was chosen.
   */
  async search({ query = "", chosen = {}, sort = "", page = 1, size = PAGE, counted = [] }) {
    // Files on the way at the same time: a connection that is slow is slow for each of them.
    const [question, columns] = await Promise.all([this.#ask(query), this.#columns([...new Set([...Object.keys(chosen), ...counted])])]);
    const { found, counts } = narrow(columns, chosen, question.scores, this.head.count);
    const sorted = await this.#sorted(found, question.scores, sort);
    const numbers = sorted.slice((page - 1) * size, page * size);
    return { numbers, total: found.length, counts, matched: question.matched, done: question.done, isPartial: question.isPartial, near: question.near };
  }

  /** What pages show of the plugins with these numbers. */
  async cards(numbers) {
    const files = await Promise.all(numbers.map((number) => this.#file(`cards-${Math.floor(number / this.head.chunk)}`)));
    return numbers.map((number, index) => {
      const [host, id, name, author, description, version, releasedAt, marks, icon, store, page] = files[index].cards[number % this.head.chunk];
      return { host, id, name, author, description, version, releasedAt, marks: marks ? marks.split(" ") : [], icon, store, page };
    });
  }

  async #ask(query) {
    const words = typed(query);
    if (words.length === 0) return { scores: null, matched: new Set(), done: "all", near: [] };
    const telling = words.filter((word) => !this.#stop.has(word));
    const asked = [...new Set(telling.length > 0 ? telling : words)].slice(0, MOST_WORDS);
    const [names, ...answers] = await Promise.all([this.#names(query), ...asked.map((word) => this.#word(word))]);
    let combined = combine(answers, names, this.head.count);
    if (combined.total < PAGE && !names.hasExact && this.#firsts.text.length > 0) {
      // Those tell most that the fewest plugins have said in short.
      const rarest = answers.toSorted((a, b) => a.found - b.found).slice(0, answers.length < LONG_QUESTION ? MOST_TEXTS : 1);
      await Promise.all(rarest.map((answer) => this.#text(answer)));
      combined = combine(answers, names, this.head.count);
    }
    const matched = new Set([names, ...answers].flatMap((answer) => [...answer.matched]));
    const isPartial = answers.some((answer) => answer.isPartial);
    const near = combined.total === 0 ? await this.#nearNames(query) : [];
    return { ...combined, matched, isPartial, near };
  }

  /** The weights of all plugins for one word: as it stands, its other number, what begins with it, else what is near it. */
  async #word(word) {
    const answer = { word, weights: new Float32Array(this.head.count), matched: new Set([word]), found: 0, isPartial: false };
    const take = (shard, index, closeness) => this.#take(answer, shard.postings[index], closeness, shard.words[index]);
    const kin = forms(word);
    const { shards, isPartial } = await this.#shardsOf("words", word);
    answer.isPartial = isPartial;
    let left = MOST_BEGINNINGS;
    for (const shard of shards) {
      for (let index = lowerBound(shard.words, word); index < shard.words.length && shard.words[index].startsWith(word); index += 1) {
        left -= 1;
        if (left < 0) {
          answer.isPartial = true;
          break;
        }
        const own = shard.words[index];
        take(shard, index, own === word ? 1 : kin.has(own) ? KIN : 0.55 + (0.3 * word.length) / own.length);
      }
    }
    for (const other of kin) if (!other.startsWith(word)) await this.#exactly("words", other, answer, KIN);
    if (answer.found === 0) await this.#near(answer, take);
    return answer;
  }

  async #exactly(kind, word, answer, closeness) {
    const { shards } = await this.#shardsOf(kind, word, 1);
    for (const shard of shards) {
      const index = lowerBound(shard.words, word);
      if (shard.words[index] !== word) continue;
      this.#take(answer, shard.postings[index], closeness, word);
    }
  }

  #take(answer, postings, closeness, word, floor = 0) {
    eachPosting(postings, (number, weight) => {
      // A whole name is worth what its words are: that it is whole counts once, in #names.
      const worth = closeness * (floor || (weight === WHOLE ? 20 : weight));
      if (answer.weights[number] === 0) answer.found += 1;
      if (worth > answer.weights[number]) answer.weights[number] = worth;
    });
    answer.matched.add(word);
  }

  /** Words with a mistake: in a small store among all words, else among those that share a part with it. */
  async #near(answer, take) {
    const { word } = answer;
    const most = forgiven([...word].length);
    if (most === 0) return;
    const worth = (edits, goesOn, own) => (goesOn ? 0.3 * (word.length / own.length) + 0.1 : 0.65) / edits;
    const visit = (shard) => eachNear(shard, word, most, (index, edits, goesOn) => edits > 0 && take(shard, index, worth(edits, goesOn, shard.words[index])));
    if (this.#firsts.words.length <= FEW_SHARDS) {
      (await this.#all("words")).forEach(visit);
      return;
    }
    const part = Math.max(2, Math.floor(word.length / (most + 1)) - (word.length >= 6 && most === 1 ? 1 : 0));
    const [ahead, behind] = await Promise.all([
      this.#shardsOf("words", word.slice(0, part), FEW_SHARDS),
      this.#shardsOf("back", [...word].reverse().join("").slice(0, part), FEW_SHARDS),
    ]);
    ahead.shards.forEach(visit);
    const turned = [...word].reverse().join("");
    const found = [];
    for (const shard of behind.shards) {
      eachNear(shard, turned, most, (index, edits, goesOn) => {
        if (!goesOn && edits > 0) found.push([edits, [...shard.words[index]].reverse().join("")]);
      });
    }
    found.sort(([a], [b]) => a - b);
    await Promise.all(found.slice(0, FEW_SHARDS).map(([edits, own]) => this.#exactly("words", own, answer, worth(edits, false, own))));
  }

  /** The same word in long descriptions, for plugins that nothing else has said it of. */
  async #text(answer) {
    // What many have in their short texts tells nothing in a long one.
    if (answer.word.length < 3 || answer.found > this.head.count / 4) return;
    const kin = [...forms(answer.word)].filter((word) => !word.startsWith(answer.word));
    const { shards } = await this.#shardsOf("text", answer.word, 1);
    for (const shard of shards) {
      for (let index = lowerBound(shard.words, answer.word); index < shard.words.length && shard.words[index].startsWith(answer.word); index += 1) {
        if (shard.words[index] === answer.word && shard.postings[index] === TELLS_NOTHING) answer.isEverywhere = true;
        this.#take(answer, shard.postings[index], shard.words[index] === answer.word ? 1 : 0.6, shard.words[index], README_WEIGHT);
      }
    }
    for (const other of kin) {
      for (const shard of (await this.#shardsOf("text", other, 1)).shards) {
        const index = lowerBound(shard.words, other);
        if (shard.words[index] === other) this.#take(answer, shard.postings[index], 0.9, other, README_WEIGHT);
      }
    }
  }

  /**
   * What is found by all words as one: `lifts` for the plugin whose whole name was asked for and those whose names begin
   * so, and weights for those that write as one word what was asked for as several.
   */
  async #names(query) {
    const answer = { weights: new Float32Array(this.head.count), matched: new Set(), found: 0, lifts: new Map(), hasExact: false };
    const whole = joined(query);
    const bare = this.head.prefixes.find((prefix) => whole.startsWith(prefix) && whole.length > prefix.length + 1);
    for (const name of new Set(bare ? [whole, whole.slice(bare.length)] : [whole])) {
      if (name.length < 2) continue;
      let left = MOST_BEGINNINGS;
      for (const shard of (await this.#shardsOf("words", name)).shards) {
        for (let index = lowerBound(shard.words, name); left > 0 && index < shard.words.length && shard.words[index].startsWith(name); index += 1) {
          left -= 1;
          const isExact = shard.words[index] === name;
          const lift = isExact ? EXACT_NAME : (NAME_BEGINS * name.length) / shard.words[index].length;
          eachPosting(shard.postings[index], (number, weight) => {
            if (weight === WHOLE) answer.lifts.set(number, Math.max(lift, answer.lifts.get(number) ?? 0));
          });
          if (!isExact) continue;
          answer.hasExact ||= [...answer.lifts.values()].includes(EXACT_NAME);
          this.#take(answer, shard.postings[index], 1, name);
        }
      }
    }
    return answer;
  }

  /** The names that are least unlike what was asked for, of those that were fetched anyway. */
  async #nearNames(query) {
    const whole = joined(query);
    const most = Math.max(2, Math.floor(whole.length / 3));
    const found = [];
    for (const [name, opened] of this.#opened) {
      if (!name.startsWith("words-")) continue;
      const shard = await opened;
      eachNear(shard, whole, Math.min(most, 4), (index, edits) => {
        eachPosting(shard.postings[index], (number, weight) => weight === WHOLE && found.push([edits, number]));
      });
    }
    found.sort(([a, x], [b, y]) => a - b || x - y);
    return [...new Set(found.map(([, number]) => number))].slice(0, 5);
  }

  async #sorted(found, scores, sort) {
    if (sort === "name" || sort === "listed") {
      const { numbers, width } = await this.#file(`order-${sort}`);
      const isFound = new Set(found);
      return [...numbersOf(numbers, width)].filter((number) => isFound.has(number));
    }
    if (scores && sort !== "released") return found.sort((a, b) => scores[b] - scores[a] || a - b);
    return found;
  }

  #facet(id) {
    return this.head.facets.find((facet) => facet.id === id);
  }

  #columns(ids) {
    return Promise.all(ids.filter((id) => this.#facet(id)).map(async (id) => {
      const file = await this.#file(`facet-${id}`);
      file.numbers ??= numbersOf(file.of, file.width);
      return { id, values: this.#facet(id).values, combinations: file.combinations, of: file.numbers };
    }));
  }

  /** The shards that words with this beginning lie in, up to `most`. */
  async #shardsOf(kind, beginning, most = MOST_SHARDS) {
    const firsts = this.#firsts[kind];
    if (firsts.length === 0) return { shards: [], isPartial: false };
    const after = lowerBound(firsts, beginning);
    let from = firsts[after] === beginning ? after : Math.max(0, after - 1);
    let to = from + 1;
    while (to < firsts.length && firsts[to].startsWith(beginning)) to += 1;
    const isPartial = to - from > most;
    const shards = await Promise.all(Array.from({ length: Math.min(to - from, most) }, (_, index) => this.#shard(kind, from + index)));
    return { shards, isPartial };
  }

  #all(kind) {
    return Promise.all(this.#firsts[kind].map((_, index) => this.#shard(kind, index)));
  }

  #shard(kind, index) {
    const name = `${kind}-${index}`;
    if (!this.#opened.has(name)) {
      const opened = this.#file(name).then(openShard);
      opened.catch(() => this.#opened.delete(name));
      this.#opened.set(name, opened);
    }
    return this.#opened.get(name);
  }

  #file(name) {
    if (!this.#files.has(name)) {
      const file = Promise.resolve(this.#read(name, this.head.stamp)).then((file) => {
        if (file.stamp !== this.head.stamp) throw new StaleIndex(`${name} is of another build`);
        return file;
      });
      file.catch(() => this.#files.delete(name));
      this.#files.set(name, file);
    }
    return this.#files.get(name);
  }
}
