// What scripts add to pages that already work: a theme switch, copy buttons, ages that stay true.

import { say } from "./words.js";

const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

addThemeSwitch(document.getElementById("tools"));
document.querySelectorAll("[data-copy]").forEach(addCopyButton);
document.querySelectorAll("time[data-age]").forEach(showAge);
document.querySelectorAll(".readme pre, .readme table").forEach(makeScrollableByKeyboard);

function addThemeSwitch(place) {
  if (!place) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "theme";
  button.setAttribute("aria-label", say("dark_theme"));
  place.append(button);

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : systemIsDark.matches);
  const show = () => {
    button.setAttribute("aria-pressed", String(isDark()));
    button.title = isDark() ? say("to_light") : say("to_dark");
  };
  button.addEventListener("click", () => {
    choose(isDark() ? "light" : "dark");
    show();
  });
  systemIsDark.addEventListener("change", show);
  show();
}

// A choice that equals the system's is no choice: the page then follows the system again.
function choose(theme) {
  const isSystem = (theme === "dark") === systemIsDark.matches;
  if (isSystem) delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (isSystem) localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

function addCopyButton(code) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = say("copy");
  const said = document.createElement("span");
  said.className = "sr";
  said.setAttribute("role", "status");
  code.after(button, said);

  let timer;
  button.addEventListener("click", async () => {
    const done = await copy(code);
    button.textContent = done ? say("copied") : say("selected");
    button.classList.toggle("done", done);
    said.textContent = done ? say("copied_said") : say("selected_said");
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = say("copy");
      button.classList.remove("done");
      said.textContent = "";
    }, 2000);
  });
}

// The clipboard exists only on secure origins; elsewhere the text is at least selected.
async function copy(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(code);
    return false;
  }
}

function showAge(time) {
  const age = ageOf(new Date(time.dateTime));
  if (!age) return;
  if (time.dataset.age === "after") {
    time.append(` (${age})`);
  } else {
    time.title = time.textContent;
    time.textContent = age;
  }
}

export function ageOf(date) {
  const seconds = (date - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return "";
  const units = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const [unit, length] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", 60];
  // In a language that the browser does not know it would speak that of its reader.
  if (!Intl.RelativeTimeFormat.supportedLocalesOf(root.lang).length) return "";
  return new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" }).format(Math.trunc(seconds / length), unit);
}

function makeScrollableByKeyboard(element) {
  if (element.scrollWidth > element.clientWidth) element.tabIndex = 0;
}
