// Words, as the index keeps them (crates/shopfront/src/search/words.rs): without accents, in small letters, camel case taken apart.
// Both sides are held against tests/search/words.json.

const LONGEST = 32;
const RUN = /[\p{Alphabetic}\p{N}]+/gu;
const MARK = /\p{M}/gu;
const SPELLINGS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" };

/** Every run of letters and digits, folded; of one in camel case the parts after it. */
export function words(text) {
  return runs(text).flatMap((run) => {
    const parts = run.match(/[\p{Lu}]+(?![\p{Ll}])|[\p{Lu}]?[^\p{Lu}]+/gu) ?? [];
    const named = parts.length > 1 ? parts.filter((part) => [...part].length > 1) : [];
    return [run, ...named].map((word) => cut(fold(word)));
  });
}

/** The runs of a text, folded, with nothing between them: two spellings of one name are the same. */
export function joined(text) {
  return cut(runs(text).map(fold).join(""));
}

/** The runs of a text, folded, as somebody means them who types them. */
export function typed(text) {
  return runs(text).map((run) => cut(fold(run)));
}

/** A text as pieces, each with its word where it is one; the pieces together are the text. */
export function pieces(text) {
  const found = [];
  let end = 0;
  // Marks belong to the letter before them, so that a word with accents of its own stays whole.
  for (const { 0: run, index } of text.matchAll(/[\p{Alphabetic}\p{N}\p{M}]+/gu)) {
    if (index > end) found.push({ text: text.slice(end, index) });
    found.push({ text: run, words: words(run) });
    end = index + run.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

/** The other forms of an English word: singular or plural, British or American spelling. */
export function forms(word) {
  const spellings = [word, ...SPELLED.flatMap(([one, other]) => (one.test(word) ? [word.replace(one, other)] : []))];
  const found = new Set(spellings.flatMap((spelling) => [spelling, ...numbers(spelling)]));
  found.delete(word);
  return found;
}

const SPELLED = [
  [/is(?=(?:e|ed|er|es|ing|ation|ations|able)$)/, "iz"],
  [/iz(?=(?:e|ed|er|es|ing|ation|ations|able)$)/, "is"],
  [/(?<=^(?:col|fav|behavi|neighb|flav))our/, "or"],
  [/(?<=^(?:col|fav|behavi|neighb|flav))or/, "our"],
  [/(?<=[aeiou])ll(?=(?:ed|er|ers|ing)$)/, "l"],
  [/(?<=[aeiou])l(?=(?:ed|er|ers|ing)$)/, "ll"],
  [/(?<=[nt])re$/, "er"],
  [/^gr[ae]y/, (start) => (start === "gray" ? "grey" : "gray")],
];

/** What may be its plural or its singular; tried from both sides. */
function numbers(word) {
  const found = [];
  if (word.length > 3 && word.endsWith("ies")) found.push(`${word.slice(0, -3)}y`);
  if (word.length > 4 && word.endsWith("es")) found.push(word.slice(0, -2));
  if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss")) found.push(word.slice(0, -1));
  if (word.length > 2 && word.endsWith("y")) found.push(`${word.slice(0, -1)}ies`);
  if (word.length > 2 && !word.endsWith("s")) found.push(`${word}s`, `${word}es`);
  return found;
}

function runs(text) {
  return text.normalize("NFKD").replace(MARK, "").match(RUN) ?? [];
}

function fold(run) {
  return run.toLowerCase().replace(/[ßæœøłđðþı]/g, (letter) => SPELLINGS[letter]).replace(MARK, "");
}

function cut(word) {
  return word.length > LONGEST ? [...word].slice(0, LONGEST).join("") : word;
}
