// Theme and density: two attributes of <html>, remembered in this browser only.
const root = document.documentElement;

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Storage is off: the choice holds for this page.
  }
}

export function currentTheme() {
  if (root.dataset.theme) return root.dataset.theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function showDensity() {
  const density = root.dataset.density ?? "comfortable";
  for (const button of document.querySelectorAll("[data-set-density]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setDensity === density));
  }
}

export function startPreferences() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toggle-theme]")) {
      root.dataset.theme = currentTheme() === "dark" ? "light" : "dark";
      remember("theme", root.dataset.theme);
    }
    const density = event.target.closest("[data-set-density]");
    if (density) {
      root.dataset.density = density.dataset.setDensity;
      remember("density", root.dataset.density);
      showDensity();
    }
  });
  document.addEventListener("htmx:afterSettle", showDensity);
  showDensity();
}
