// The words of the interface for scripts, in the language of the page: a key, and what is filled in.

const words = {};
// Not those of the browser: it may not know the language, or know it otherwise than the program that wrote the page.
const formats = { thousands: "", plurals: [] };

/**
 * Takes the words of a language, how its dates and numbers are written, and how it counts: `words-<tag>.js` calls it, and runs
 * before every script that says something.
 */
export function learn(more, howWritten) {
  Object.assign(words, more);
  Object.assign(formats, howWritten);
}

/** The message `key`, with its placeholders filled; `count` chooses its plural form. */
export function say(key, values = {}) {
  const message = knows(key) ? words[key] : key;
  const text = typeof message === "string" ? message : (message[formOf(values.count)] ?? message.other);
  return text.replace(/\{([a-z_]+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? written(value) : value;
  });
}

/** The plural category of a count, by the rules of CLDR for the language of the page. */
function formOf(count) {
  const holds = ({ modulo, ranges, negated }) => {
    const value = modulo ? count % modulo : count;
    return ranges.some(([first, last]) => first <= value && value <= last) !== negated;
  };
  return formats.plurals.find(([, condition]) => condition.some((all) => all.every(holds)))?.[0] ?? "other";
}

/** A whole number as the pages write it: four digits stand without a mark. */
export function written(number) {
  const digits = String(number);
  return digits.length < 5 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, () => formats.thousands);
}

/** Whether there is such a message. */
export function knows(key) {
  return Object.hasOwn(words, key);
}

/** The day of an instant in UTC, written as the pages write it. */
export function dateOf(instant) {
  const at = new Date(instant);
  const parts = { day: at.getUTCDate(), month: formats.months[at.getUTCMonth()], year: at.getUTCFullYear() };
  return formats.date.replace(/\{(day|month|year)\}/g, (_, name) => parts[name]);
}
