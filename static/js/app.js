import { startCopy } from "./copy.js";
import { startFacets } from "./facets.js";
import { startKeys } from "./keys.js";
import { startPreferences } from "./preferences.js";
import { startUpload } from "./upload.js";

startPreferences();
startFacets();
startKeys();
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

// htmx leaves the page as it was when a request fails; a person must hear of it.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    const said = document.querySelector("#said");
    said.textContent = "The server did not answer. Try again, or reload the page.";
    said.classList.add("said-loud");
    setTimeout(() => said.classList.remove("said-loud"), 6000);
  });
}
