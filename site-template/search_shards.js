// The files of the index, taken apart: shards of words, postings, columns; and words that are nearly a given one.
// crates/shopfront/src/search/dictionary.rs and digits.rs are the writers.

const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
const WEIGHTS = "!#$%{'()*+,./:;|=}?@[]^`";
/** The weight of a word that is the whole name of a plugin. */
export const WHOLE = WEIGHTS.length - 1;
/** What stands for the postings of a word that too many have. */
export const TELLS_NOTHING = "~";

const digitOf = table(DIGITS);
const weightOf = table(WEIGHTS);

function table(characters) {
  const values = new Int8Array(128).fill(-1);
  [...characters].forEach((character, value) => (values[character.charCodeAt(0)] = value));
  return values;
}

/** A shard with its words in order, how much each shares with the one before, and its postings. */
export function openShard({ words: text, postings }) {
  const words = [];
  const shared = [];
  let last = "";
  for (const [, capital, rest] of text.matchAll(/([A-Z])([^A-Z]*)/g)) {
    const length = capital.charCodeAt(0) - 65;
    // Counted in characters, as the writer does.
    last = (length === last.length ? last : [...last].slice(0, length).join("")) + rest;
    words.push(last);
    shared.push(length);
  }
  return { words, shared, postings: postings.split(" ") };
}

/** Calls `take` with the number and the weight of every posting. */
export function eachPosting(text, take) {
  let number = 0;
  let gap = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const digit = digitOf[code];
    if (digit >= 0) {
      gap = gap * 64 + digit;
    } else {
      number += gap;
      take(number, weightOf[code]);
      number += 1;
      gap = 0;
    }
  }
}

/** Numbers of one width. */
export function numbersOf(text, width) {
  const numbers = new Uint32Array(text.length / width);
  for (let at = 0; at < text.length; at += 1) {
    const place = Math.floor(at / width);
    numbers[place] = numbers[place] * 64 + digitOf[text.charCodeAt(at)];
  }
  return numbers;
}

/** Whether `one` is before `other` in the order of the writer, which is that of code points: UTF-16 puts U+FA0E behind U+10330. */
function isBefore(one, other) {
  const length = Math.min(one.length, other.length);
  for (let at = 0; at < length; at += 1) {
    const [left, right] = [one.charCodeAt(at), other.charCodeAt(at)];
    if (left !== right) return placed(left) < placed(right);
  }
  return one.length < other.length;
}

/** A unit of UTF-16 with surrogates behind all others. */
function placed(unit) {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** The index of the first of the sorted words that is not before `word`. */
export function lowerBound(words, word) {
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(words[middle], word)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many edits a word of this length is forgiven. */
export function forgiven(length) {
  if (length >= 8) return 2;
  return length >= 4 ? 1 : 0;
}

/**
 * Calls `take` with every word of a shard that is within `most` edits of `word`, or begins with something that is: its
 * index, the edits, and whether it goes on. Two neighbours that changed places are one edit.
 *
 * Sorted words share beginnings: what was computed for a beginning is used for all words that have it, and where a
 * beginning is too far away already, all of them are passed over.
 */
export function eachNear({ words, shared }, word, most, take) {
  const target = [...word];
  const length = target.length;
  const rows = [Uint8Array.from({ length: length + 1 }, (_, index) => index)];
  const begins = [length];
  const characters = [];
  let dead = Infinity;
  for (let index = 0; index < words.length; index += 1) {
    if (shared[index] >= dead) continue;
    dead = Infinity;
    const own = words[index];
    let depth = Math.min(shared[index], characters.length);
    characters.length = depth;
    for (const character of depth === 0 ? own : [...own].slice(depth)) {
      depth += 1;
      characters[depth - 1] = character;
      const least = fillRow(rows, depth, target, characters);
      begins[depth] = Math.min(begins[depth - 1], rows[depth][length]);
      // A pair that changes places looks two rows back.
      if (least > most && (depth < 2 || Math.min(...rows[depth - 1]) >= most) && begins[depth] > most) {
        dead = depth;
        break;
      }
      if (depth > length + most) break;
    }
    if (dead !== Infinity) continue;
    const isWhole = depth === [...own].length && rows[depth][length] <= most;
    if (isWhole) take(index, rows[depth][length], false);
    else if (begins[depth] <= most) take(index, begins[depth], true);
  }
}

function fillRow(rows, depth, target, characters) {
  const length = target.length;
  const above = rows[depth - 1];
  const row = (rows[depth] ??= new Uint8Array(length + 1));
  const character = characters[depth - 1];
  row[0] = depth;
  let least = depth;
  for (let at = 1; at <= length; at += 1) {
    let cost = above[at - 1] + (target[at - 1] === character ? 0 : 1);
    cost = Math.min(cost, above[at] + 1, row[at - 1] + 1);
    if (depth > 1 && at > 1 && target[at - 2] === character && target[at - 1] === characters[depth - 2]) {
      cost = Math.min(cost, rows[depth - 2][at - 2] + 1);
    }
    row[at] = cost;
    least = Math.min(least, cost);
  }
  return least;
}
