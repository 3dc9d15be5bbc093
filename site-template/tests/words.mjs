// Lets the scripts count in every language of CLDR, by the rules that the program hands them and the samples of CLDR.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { learn, say, written } from "../words.js";

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const samples = read("../../crates/shopfront-site/src/language/cldr/plurals.json").supplemental["plurals-type-cardinal"];
const forms = Object.fromEntries(["zero", "one", "two", "few", "many", "other"].map((form) => [form, `${form} {count}`]));

/** The whole numbers among the samples of a rule; those that are written as `1c6` are none of ours. */
function integersOf(rule) {
  const list = /@integer ([^@]*)/.exec(rule)?.[1].split(",").map((it) => it.trim()) ?? [];
  return list.filter((it) => /^[\d~]+$/.test(it)).flatMap((it) => {
    const [first, last = first] = it.split("~").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

test("scripts count in every language as CLDR does", () => {
  let counted = 0;
  for (const { languages, rules } of read("plurals.json")) {
    learn({ counted: forms }, { plurals: rules, thousands: "" });
    for (const language of languages) {
      for (const [name, rule] of Object.entries(samples[language])) {
        for (const count of integersOf(rule)) {
          assert.equal(say("counted", { count }), `${name.replace("pluralRule-count-", "")} ${count}`, language);
          counted += 1;
        }
      }
    }
  }
  assert.ok(counted > 5000, `${counted} samples`);
});

test("scripts write numbers as the pages do", () => {
  learn({}, { thousands: "." });
  assert.deepEqual([0, 999, 1234, 12345, 123456, 1234567].map(written), ["0", "999", "1234", "12.345", "123.456", "1.234.567"]);
});
