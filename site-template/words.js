// The words of the interface for scripts, in the language of the page: a key, and what is filled in.

const language = document.documentElement.lang;
const words = {};
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);

/** Takes the words of a language: `words-<tag>.js` calls it, and runs before every script that says something. */
export function learn(more) {
  Object.assign(words, more);
}

/** The message `key`, with its placeholders filled; `count` chooses its plural form. */
export function say(key, values = {}) {
  const message = words[key] ?? key;
  const text = typeof message === "string" ? message : (message[plurals.select(values.count)] ?? message.other);
  return text.replace(/\{([a-z_]+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

/** Whether there is such a message. */
export function knows(key) {
  return key in words;
}
