/**
 * The developer's panel: a toggle in the top bar, and three leaves: requests, faults, and the house (clock, switches).
 */

import { byId, el, icon, iconButton } from "./dom.js";
import { faultsView, refreshFaults } from "./faults.js";
import { houseView, refreshHouse } from "./house.js";
import { refreshTranscript, resetTranscript, toNewestRequest, transcriptView } from "./transcript.js";
import { count } from "./words.js";

const EVERY_MS = 1500;
const REMEMBERED = "chat-page:developer";

const leaves = [];
let toggle = null;
let shown = 0;

const isOpen = () => !byId("developer").hidden;

/** Fetch what is new; called after events, and now and then while the panel is open. */
export function refreshDeveloper() {
  refreshTranscript();
  if (isOpen()) leaves[shown].refresh();
}

/** Forget everything: the server was restarted, its count begins anew. */
export const resetDeveloper = resetTranscript;

function tellBreaches(breaches) {
  toggle.dataset.breaches = breaches || "";
  toggle.setAttribute("aria-label", `Developer's panel${breaches ? `, ${count(breaches, "breach", "breaches")}` : ""}`);
}

function setOpen(open) {
  byId("developer").hidden = !open;
  toggle.setAttribute("aria-expanded", String(open));
  localStorage.setItem(REMEMBERED, open ? "open" : "closed");
  if (!open) return;
  refreshDeveloper();
  toNewestRequest();
}

function show(index, takesFocus) {
  shown = index;
  leaves.forEach(({ tab, leaf }, i) => {
    const isShown = i === index;
    leaf.hidden = !isShown;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
  });
  if (takesFocus) leaves[index].tab.focus();
  if (isOpen()) refreshDeveloper();
}

function onTabKey(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by) show((shown + by + leaves.length) % leaves.length, true);
}

function addLeaf(name, words, content, refresh) {
  const index = leaves.length;
  const tab = el(
    "button",
    {
      type: "button",
      class: "developer-tab",
      role: "tab",
      id: `tab-${name}`,
      "aria-controls": `leaf-${name}`,
      onclick: () => show(index, false),
    },
    words,
  );
  const leaf = el(
    "div",
    { class: "developer-leaf", role: "tabpanel", id: `leaf-${name}`, "aria-labelledby": `tab-${name}` },
    content,
  );
  leaves.push({ tab, leaf, refresh });
}

export function openDeveloper() {
  toggle = iconButton("code", "Developer's panel", () => setOpen(!isOpen()), {
    id: "developer-toggle",
    "aria-controls": "developer",
    "aria-expanded": "false",
  });
  byId("topbar-actions").append(toggle);
  addLeaf("requests", "Requests", transcriptView(tellBreaches), () => {});
  addLeaf("faults", "Faults", faultsView(), refreshFaults);
  addLeaf("house", "Clock", houseView(), refreshHouse);
  const close = iconButton("close", "Close the panel", () => {
    setOpen(false);
    toggle.focus();
  });
  byId("developer").append(
    el("div", { class: "developer-head" }, icon("code"), el("h2", {}, "Bot API"), close),
    el(
      "div",
      { class: "developer-tabs", role: "tablist", "aria-label": "Developer's panel", onkeydown: onTabKey },
      leaves.map(({ tab }) => tab),
    ),
    ...leaves.map(({ leaf }) => leaf),
  );
  show(0, false);
  setOpen(localStorage.getItem(REMEMBERED) === "open");
  setInterval(() => isOpen() && !document.hidden && refreshDeveloper(), EVERY_MS);
}
