/**
 * The developer's panel: every request of the bot, how it went, and what the judge found wrong with it.
 */

import * as api from "./api.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { count } from "./words.js";

const KEPT = 400;
const EVERY_MS = 1500;
const REMEMBERED = "chat-page:developer";

let last = 0;
let breaches = 0;
let isLoading = false;
let showsPolls = false;
let list = null;
let toggle = null;
let total = null;

const isOpen = () => !byId("developer").hidden;

/** Long polls that brought nothing wrong are the background of everything: hidden until asked for. */
const isQuiet = (entry) => entry.method === "getUpdates" && entry.ok && !entry.breach;

function row(entry) {
  const outcome = entry.breach ? "breach" : entry.ok ? "ok" : "error";
  const problem = entry.breach ?? entry.error;
  return el(
    "details",
    { class: `call ${outcome}${isQuiet(entry) ? " quiet" : ""}`, dataset: { n: entry.n } },
    el(
      "summary",
      {},
      el("span", { class: "call-mark" }, outcome === "ok" ? "ok" : outcome),
      el("span", { class: "call-method" }, entry.method),
      el("span", { class: "call-took" }, `${Math.round(entry.took_ms)} ms`),
      problem && el("span", { class: "call-problem" }, problem),
    ),
    el("pre", { tabindex: 0 }, JSON.stringify(entry.request, null, 2)),
  );
}

function drawTotal() {
  total.textContent = breaches
    ? `${count(breaches, "breach", "breaches")} of the Bot API`
    : "no breaches of the Bot API";
  total.classList.toggle("bad", breaches > 0);
  toggle.dataset.breaches = breaches || "";
  toggle.setAttribute("aria-label", `Developer's panel${breaches ? `, ${count(breaches, "breach", "breaches")}` : ""}`);
}

/** Fetch what is new; called after events, and now and then while the panel is open. */
export async function refreshDeveloper() {
  if (isLoading || !list) return;
  isLoading = true;
  try {
    const entries = await api.loadTranscript(last);
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    for (const entry of entries) {
      last = Math.max(last, entry.n);
      if (entry.breach) breaches += 1;
      list.append(row(entry));
    }
    while (list.children.length > KEPT) list.firstChild.remove();
    if (entries.length > 0 && isAtEnd) list.scrollTop = list.scrollHeight;
    drawTotal();
  } catch {
    // The line to the server is shown elsewhere; the next round tries again.
  } finally {
    isLoading = false;
  }
}

/** Forget everything: the server was restarted, its count begins anew. */
export function resetDeveloper() {
  last = 0;
  breaches = 0;
  list.replaceChildren();
  drawTotal();
}

function setOpen(open) {
  byId("developer").hidden = !open;
  toggle.setAttribute("aria-expanded", String(open));
  localStorage.setItem(REMEMBERED, open ? "open" : "closed");
  if (!open) return;
  refreshDeveloper();
  list.scrollTop = list.scrollHeight;
}

export function openDeveloper() {
  toggle = iconButton("code", "Developer's panel", () => setOpen(!isOpen()), {
    id: "developer-toggle",
    "aria-controls": "developer",
    "aria-expanded": "false",
  });
  byId("topbar-actions").append(toggle);
  list = el("div", { class: "calls", tabindex: 0, role: "log", "aria-live": "off", "aria-label": "Requests" });
  total = el("span", { class: "developer-total" });
  const polls = el("input", {
    type: "checkbox",
    onchange: (event) => {
      showsPolls = event.target.checked;
      list.classList.toggle("with-quiet", showsPolls);
    },
  });
  byId("developer").append(
    el(
      "div",
      { class: "developer-head" },
      icon("code"),
      el("h2", {}, "Bot API"),
      iconButton("close", "Close the panel", () => {
        setOpen(false);
        toggle.focus();
      }),
    ),
    el("div", { class: "developer-bar" }, total, el("label", { class: "check" }, polls, "getUpdates")),
    list,
  );
  drawTotal();
  setOpen(localStorage.getItem(REMEMBERED) === "open");
  setInterval(() => isOpen() && !document.hidden && refreshDeveloper(), EVERY_MS);
}
