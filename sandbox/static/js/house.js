/**
 * The developer's view of the house: what time it is, moving the clock on, privacy mode and flood limits.
 */

import * as api from "./api.js";
import { el } from "./dom.js";
import { store } from "./store.js";
import { toast } from "./toast.js";

const STEPS = [
  ["10 s", 10],
  ["1 min", 60],
  ["151 s", 151],
  ["1 h", 3600],
  ["25 h", 90_000],
];
const SWITCHES = {
  privacy: "Privacy mode: in groups the bot hears commands and replies only",
  flood_limits: "Flood limits: answer 429 as Telegram does",
};

const TIME = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

let face = null;
const boxes = new Map();
const underWay = new Set();

async function asked(promise) {
  try {
    return await promise;
  } catch (error) {
    toast(error.message, true);
    return null;
  }
}

function showTime(told) {
  if (!told) return;
  face.dateTime = told.now;
  face.textContent = TIME.format(new Date(told.now));
}

/** Fetch the time, and show the switches as they are. */
export async function refreshHouse() {
  // A switch whose change is under way shows what was asked for: the settings here are still the old ones.
  for (const [name, box] of boxes) if (!underWay.has(name)) box.checked = store.settings[name];
  showTime(await api.loadClock().catch(() => null));
}

function switchBox(name, words) {
  const box = el("input", {
    type: "checkbox",
    onchange: async () => {
      underWay.add(name);
      store.settings = (await asked(api.setBot({ [name]: box.checked }))) ?? store.settings;
      underWay.delete(name);
      refreshHouse();
    },
  });
  boxes.set(name, box);
  return el("label", { class: "check" }, box, words);
}

/** Make the leaf of the house. */
export function houseView() {
  face = el("time", { class: "house-time", id: "house-time" });
  const move = async (seconds) => showTime(await asked(api.advanceClock(seconds)));
  const seconds = el("input", { type: "number", name: "seconds", min: 0, step: "any", value: 30, required: true });
  const submit = (event) => {
    event.preventDefault();
    move(Number(seconds.value));
  };
  return el(
    "div",
    { class: "developer-form" },
    face,
    el("p", { class: "developer-hint" }, "Presses die after 150 s, other updates after 24 h."),
    el(
      "div",
      { class: "house-steps", role: "group", "aria-label": "Move the clock on" },
      STEPS.map(([words, by]) => el("button", { type: "button", onclick: () => move(by) }, `+ ${words}`)),
    ),
    el(
      "form",
      { class: "house-own", onsubmit: submit },
      el("label", {}, "Seconds", seconds),
      el("button", { type: "submit", class: "primary" }, "Move on"),
    ),
    Object.entries(SWITCHES).map(([name, words]) => switchBox(name, words)),
    el("a", { href: "/api/recording", download: "session.jsonl" }, "Save the session to replay it as a test"),
  );
}
