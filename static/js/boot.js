// Runs before the first paint: what a person chose last time is on the page before anything is drawn.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    if (localStorage.getItem("density") === "compact") root.dataset.density = "compact";
  } catch {
    // Storage can be switched off; the page then follows the system.
  }
  root.classList.add("js");
})();
