/**
 * The developer's list of requests: each one of the bot's, its answer, how long it took, what the judge found wrong.
 */

import * as api from "./api.js";
import { el } from "./dom.js";
import { count } from "./words.js";

const KEPT = 400;

let last = 0;
let breaches = 0;
let isLoading = false;
let list = null;
let tellCount = () => {};
let total = null;

/** Long polls that brought nothing wrong are the background of everything: hidden until asked for. */
const isQuiet = (entry) => entry.method === "getUpdates" && entry.ok && !entry.breach;

const faultWords = (kind) => kind.replaceAll("_", " ");

function block(title, content) {
  return [el("h3", {}, title), el("pre", { tabindex: 0, "aria-label": title }, JSON.stringify(content, null, 2))];
}

function row(entry) {
  const outcome = entry.breach ? "breach" : entry.ok ? "ok" : "error";
  const problem = entry.breach ?? entry.error;
  const answer = el("div");
  const loadAnswer = async () => {
    if (answer.childNodes.length > 0) return;
    const told = await api.loadEntry(entry.n).catch(() => null);
    answer.replaceChildren(...block("Answer", told?.answer ?? null));
  };
  return el(
    "details",
    {
      class: `call ${outcome}${isQuiet(entry) ? " quiet" : ""}`,
      dataset: { n: entry.n },
      ontoggle: (event) => event.target.open && loadAnswer(),
    },
    el(
      "summary",
      {},
      el("span", { class: "call-mark" }, outcome === "ok" ? "ok" : outcome),
      el("span", { class: "call-method" }, entry.method),
      el("span", { class: "call-took" }, `${Math.round(entry.took_ms)} ms`),
      entry.fault && el("span", { class: "call-fault" }, `fault: ${faultWords(entry.fault)}`),
      problem && el("span", { class: "call-problem" }, problem),
    ),
    block("Request", entry.request),
    answer,
  );
}

function drawTotal() {
  total.textContent = breaches
    ? `${count(breaches, "breach", "breaches")} of the Bot API`
    : "no breaches of the Bot API";
  total.classList.toggle("bad", breaches > 0);
  tellCount(breaches);
}

/** Fetch what is new. */
export async function refreshTranscript() {
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
export function resetTranscript() {
  last = 0;
  breaches = 0;
  list.replaceChildren();
  drawTotal();
}

/** Show the newest requests. */
export function toNewestRequest() {
  list.scrollTop = list.scrollHeight;
}

/** Make the list of requests; `onCount(breaches)` is told how many of them break the Bot API. */
export function transcriptView(onCount) {
  tellCount = onCount;
  list = el("div", { class: "calls", tabindex: 0, role: "log", "aria-live": "off", "aria-label": "Requests" });
  total = el("span", { class: "developer-total" });
  const polls = el("input", {
    type: "checkbox",
    onchange: (event) => list.classList.toggle("with-quiet", event.target.checked),
  });
  drawTotal();
  return [el("div", { class: "developer-bar" }, total, el("label", { class: "check" }, polls, "getUpdates")), list];
}
