// The words of the interface for scripts, in the language of the page: a key, and what is filled in.

const language = document.documentElement.lang;
const words = {};
const dates = {};
const plurals = new Intl.PluralRules(language);
// Four digits stand without a mark, as on the pages that came.
const numbers = new Intl.NumberFormat(language, { useGrouping: "min2" });

/**
 * Takes the words of a language, and how its dates are written: `words-<tag>.js` calls it, and runs before every script that
 * says something.
 */
export function learn(more, formats) {
  Object.assign(words, more);
  Object.assign(dates, formats);
}

/** The message `key`, with its placeholders filled; `count` chooses its plural form. */
export function say(key, values = {}) {
  const message = knows(key) ? words[key] : key;
  const text = typeof message === "string" ? message : (message[plurals.select(values.count)] ?? message.other);
  return text.replace(/\{([a-z_]+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

/** A number as people write it. */
export function written(number) {
  return numbers.format(number);
}

/** Whether there is such a message. */
export function knows(key) {
  return Object.hasOwn(words, key);
}

/** The day of an instant in UTC, written as the pages write it. */
export function dateOf(instant) {
  const at = new Date(instant);
  const parts = { day: at.getUTCDate(), month: dates.months[at.getUTCMonth()], year: at.getUTCFullYear() };
  return dates.date.replace(/\{(day|month|year)\}/g, (_, name) => parts[name]);
}
