import { startCopy } from "./copy.js";
import { startFacets } from "./facets.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startPreferences } from "./preferences.js";
import { startUpload } from "./upload.js";

startPreferences();
startFacets();
startKeys();
startMenus();
startUpload();
startCopy();

// A picture that cannot be shown says so in its own box instead of as a broken icon.
document.addEventListener(
  "error",
  (event) => {
    if (event.target instanceof HTMLImageElement) event.target.closest(".card-link, .picture-box")?.classList.add("no-picture");
  },
  true,
);

// htmx leaves the page as it was when a request fails; a person must hear of it, in the server's own words.
function reasonOf(xhr) {
  const page = new DOMParser().parseFromString(xhr?.response ?? "", "text/html");
  const words = [...page.querySelectorAll("[data-error]")].map((part) => part.textContent.trim());
  return words.join(" ") || "The server did not answer. Try again, or reload the page.";
}

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const said = document.querySelector("#said");
    said.textContent = reasonOf(event.detail.xhr);
    said.classList.add("said-loud");
    setTimeout(() => said.classList.remove("said-loud"), 8000);
  });
}

// The box holds what the page shows: a text that a link removed is gone from it, a place that became a filter too, and
// Back brings it back. What a person has gone on typing since is theirs.
let sent = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "search-form") sent = document.querySelector("#q").value;
});
document.addEventListener("htmx:afterSettle", (event) => {
  const box = document.querySelector("#q");
  if (event.target.id !== "answer" || !box) return;
  if (document.activeElement !== box || box.value === sent) box.value = event.target.dataset.q;
  sent = null;
});
document.addEventListener("htmx:beforeHistorySave", () => {
  const [box, answer] = [document.querySelector("#q"), document.querySelector("#answer")];
  if (box && answer) box.setAttribute("value", answer.dataset.q);
});
