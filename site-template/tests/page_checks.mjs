// What is looked for on any page in a browser: faults that axe finds, and what sticks out of a narrow window.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The page's own policy forbids injected script elements, so axe is evaluated from outside. The wash behind the head of a
// page is a gradient, on which axe does not judge contrast: it is judged on each end of it. Rules that ask for more than
// colours say the same of every ground and theme, and take most of the time.
/** What axe finds on a page, on these grounds. */
export async function axeFaults(page, { onlyColour, grounds = ["--paper", "--accent-wash"] }) {
  await page.evaluate(axe);
  const faults = new Set();
  for (const ground of grounds) {
    const violations = await page.evaluate(async ({ ground, onlyColour }) => {
      document.body.style.background = `var(${ground})`;
      const rules = onlyColour ? { runOnly: ["color-contrast", "link-in-text-block"] } : {};
      const { violations, incomplete } = await globalThis.axe.run(document, rules);
      // Of words in a drawing axe can not tell the ground: it is the page's own, and their colour that of all quiet text.
      const isDrawn = ({ target }) => target.join(" ").startsWith("text[");
      const unclear = incomplete.filter(({ id }) => id === "color-contrast");
      const undecided = unclear.map((it) => ({ ...it, nodes: it.nodes.filter((node) => !isDrawn(node)) }));
      return [...violations, ...undecided].flatMap(({ help, nodes }) => nodes.map((node) => `${help}: ${node.target.join(" ")}: ${node.failureSummary}`));
    }, { ground, onlyColour: onlyColour || ground !== "--paper" });
    violations.forEach((violation) => faults.add(violation));
  }
  return [...faults];
}

/** Whether a page is wider than its window, and which elements stick out, unless a box of their own scrolls or cuts them. */
export async function sidewaysFaults(page) {
  const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  return [...(wide > inner ? [`the page is ${wide} pixels wide`] : []), ...(await overflowing(page))];
}

function overflowing(page) {
  return page.evaluate(() => {
    const isBoxed = (element) => element && element !== document.body && (getComputedStyle(element).overflowX !== "visible" || isBoxed(element.parentElement));
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5 && !isBoxed(element.parentElement))
      .map((element) => `${element.localName}.${element.className}`);
  });
}
