// Runs before the first paint, so that a chosen theme never flashes the other one.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; the system's theme is then what the page shows.
}
// What only scripts can do is shown only where they run.
document.documentElement.dataset.scripts = "";
// A list that came with the page is not what an address with a question asks for: it is not shown meanwhile.
if (location.search !== "") document.documentElement.dataset.asking = "";
