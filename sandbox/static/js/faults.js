/**
 * The developer's list of faults: those that are on, with how often they struck, and a form that switches one on.
 */

import * as api from "./api.js";
import { el, iconButton } from "./dom.js";
import { store } from "./store.js";
import { toast } from "./toast.js";

const KINDS = {
  too_many_requests: "429, too many requests",
  server_error: "500, server error",
  timeout: "No answer, then cut",
  cut: "Connection cut",
  partial_album: "Album in part",
  slow: "Slow answer",
  duplicate_update: "Update twice",
  reorder_updates: "Updates out of order",
};
const UPDATE_KINDS = ["duplicate_update", "reorder_updates"];
const MAY_BE_DELIVERED = ["server_error", "timeout", "cut"];
const WITH_PAUSE = { timeout: 10, slow: 3, reorder_updates: 60 };
const METHODS = [
  "sendMessage",
  "sendPhoto",
  "sendMediaGroup",
  "sendDocument",
  "sendPoll",
  "editMessageText",
  "editMessageReplyMarkup",
  "answerCallbackQuery",
  "getUpdates",
  "download",
];

let list = null;
let drawn = "";

function words(fault) {
  const where = fault.method ?? fault.update ?? (UPDATE_KINDS.includes(fault.kind) ? "all updates" : "all methods");
  const chat = fault.chat === null ? "" : `, chat ${fault.chat}`;
  return `${where}${chat}${fault.delivered ? ", after delivery" : ""}`;
}

function row(fault) {
  const isOver = fault.count !== null && fault.hits >= fault.count;
  const chance = fault.probability < 1 ? `, ${Math.round(fault.probability * 100)}%` : "";
  return el(
    "li",
    { class: `fault${isOver ? " over" : ""}`, dataset: { fault: fault.id } },
    el(
      "span",
      { class: "file-lines" },
      el("strong", {}, KINDS[fault.kind]),
      el("span", {}, words(fault)),
      el("span", { class: "fault-hits" }, `${fault.hits} of ${fault.count ?? "∞"} struck${chance}`),
    ),
    iconButton("close", `Switch off: ${KINDS[fault.kind]}`, async () => {
      await api.removeFault(fault.id).catch((error) => toast(error.message, true));
      refreshFaults();
    }),
  );
}

/** Fetch the faults that are on, and draw them where they are others than before. */
export async function refreshFaults() {
  const faults = await api.loadFaults().catch(() => null);
  const now = JSON.stringify(faults);
  if (!faults || now === drawn) return;
  drawn = now;
  const none = el("li", { class: "developer-hint" }, "Nothing goes wrong by itself now.");
  list.replaceChildren(...(faults.length > 0 ? faults.map(row) : [none]));
}

/** Turn what the form holds into a fault; what the kind does not know is left out. */
function readForm(form) {
  const kind = String(form.get("kind"));
  const fault = { kind, probability: Number(form.get("chance")) / 100 };
  const count = String(form.get("count")).trim();
  fault.count = count ? Number(count) : null;
  const method = String(form.get("method"));
  if (method && !UPDATE_KINDS.includes(kind) && kind !== "partial_album") fault.method = method;
  if (form.get("here") && store.open !== null) fault.chat = store.open;
  if (form.get("delivered") && MAY_BE_DELIVERED.includes(kind)) fault.delivered = true;
  if (kind in WITH_PAUSE) fault.pause_s = Number(form.get("pause"));
  return fault;
}

async function submit(event) {
  event.preventDefault();
  try {
    await api.addFault(readForm(new FormData(event.currentTarget)));
    refreshFaults();
  } catch (error) {
    toast(error.message, true);
  }
}

function options(pairs) {
  return pairs.map(([value, text]) => el("option", { value }, text));
}

function number(name, value, extra = {}) {
  return el("input", { type: "number", name, value, min: 1, ...extra });
}

/** Make the leaf of faults. */
export function faultsView() {
  list = el("ul", { class: "faults", "aria-label": "Faults that are on" });
  const kind = el("select", { name: "kind" }, options(Object.entries(KINDS)));
  const method = el("select", { name: "method" }, options([["", "all but getUpdates"], ...METHODS.map((m) => [m, m])]));
  const pause = number("pause", 10, { min: 0, step: "any" });
  const delivered = el("input", { type: "checkbox", name: "delivered" });
  const here = el("input", { type: "checkbox", name: "here" });
  const label = (text, field) => el("label", {}, text, field);
  const rows = {
    method: label("Method", method),
    pause: label("Seconds", pause),
    delivered: el("label", { class: "check" }, delivered, "After delivery: done, and the answer lost"),
  };
  const fit = () => {
    const value = kind.value;
    rows.method.hidden = UPDATE_KINDS.includes(value) || value === "partial_album";
    rows.delivered.hidden = !MAY_BE_DELIVERED.includes(value);
    rows.pause.hidden = !(value in WITH_PAUSE);
    if (value in WITH_PAUSE) pause.value = WITH_PAUSE[value];
  };
  kind.addEventListener("change", fit);
  fit();
  const form = el(
    "form",
    { class: "developer-form", onsubmit: submit, "aria-label": "Switch a fault on" },
    label("What goes wrong", kind),
    rows.method,
    rows.pause,
    label("How often", number("count", 1, { placeholder: "always" })),
    label("Chance, %", number("chance", 100, { max: 100, required: true })),
    el("label", { class: "check" }, here, "In the open chat alone"),
    rows.delivered,
    el("button", { type: "submit", class: "primary" }, "Switch on"),
  );
  return [form, list];
}
