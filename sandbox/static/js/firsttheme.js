/**
 * The theme before anything is drawn, so that the dark page is never light first. Not a module: those run too late.
 */

document.documentElement.dataset.theme =
  localStorage.getItem("chat-page:theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
