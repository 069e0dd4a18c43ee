/**
 * Light or dark: the system's choice until the reader makes another. `firsttheme.js` reads the same memory at once.
 */

import { byId, icon, iconButton } from "./dom.js";

const REMEMBERED = "chat-page:theme";
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

export function openTheme() {
  let chosen = localStorage.getItem(REMEMBERED);
  const apply = () => {
    const theme = chosen ?? (systemIsDark.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme;
    button.replaceChildren(icon(theme === "dark" ? "sun" : "moon"));
    button.setAttribute("aria-label", theme === "dark" ? "Use light colours" : "Use dark colours");
    button.title = button.getAttribute("aria-label");
  };
  const button = iconButton(
    "moon",
    "Use dark colours",
    () => {
      const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      // Back at the system's own choice, follow it again.
      chosen = next === (systemIsDark.matches ? "dark" : "light") ? null : next;
      if (chosen) localStorage.setItem(REMEMBERED, chosen);
      else localStorage.removeItem(REMEMBERED);
      apply();
    },
    { id: "theme-toggle" },
  );
  systemIsDark.addEventListener("change", apply);
  byId("topbar-actions").append(button);
  apply();
}
