/**
 * Draws the buttons under a message and presses them. A press waits for the bot's answer and shows it, whatever
 * becomes of the message meanwhile: the waiting is kept here, by message and data, and not in the element.
 */

import * as api from "./api.js";
import { el, icon } from "./dom.js";
import { changed, store } from "./store.js";
import { alertBox, toast } from "./toast.js";

const waiting = new Map();

const keyOf = (message, data) => `${message.chat_id}/${message.id}/${store.me}/${data}`;

/** Count the presses that wait under a message, so that its drawing can be told from an older one. */
export const waitingUnder = (message) =>
  [...waiting.keys()].filter((key) => key.startsWith(`${message.chat_id}/${message.id}/${store.me}/`)).join();

function showAnswer(answer) {
  if (!answer.answered) toast(`${store.bot.first_name} did not answer.`, true);
  else if (answer.text && answer.show_alert) alertBox(store.bot.first_name, answer.text);
  else if (answer.text) toast(answer.text);
}

async function press(message, data) {
  const key = keyOf(message, data);
  if (waiting.has(key)) return;
  waiting.set(key, true);
  changed();
  try {
    showAnswer(await api.press(message.chat_id, message.id, store.me, data));
  } catch (error) {
    toast(error.message, true);
  } finally {
    waiting.delete(key);
    changed();
  }
}

function inlineButton(message, button, place) {
  if (button.url) {
    return el(
      "a",
      {
        class: "inline-button",
        href: button.url,
        target: "_blank",
        rel: "noopener noreferrer",
        dataset: { focus: place },
      },
      el("span", {}, button.text),
      icon("link"),
    );
  }
  const data = button.callback_data ?? "";
  const isWaiting = waiting.has(keyOf(message, data));
  return el(
    "button",
    {
      type: "button",
      class: `inline-button${isWaiting ? " waiting" : ""}`,
      "aria-busy": isWaiting ? "true" : null,
      dataset: { focus: place, data },
      onclick: () => press(message, data),
    },
    el("span", {}, button.text),
  );
}

/** Make the keyboard of a message, or nothing where it has none. */
export function inlineKeyboard(message) {
  if (!message.keyboard?.length) return null;
  return el(
    "div",
    { class: "keyboard", role: "group", "aria-label": "Buttons of the message" },
    message.keyboard.map((row, y) =>
      el(
        "div",
        { class: "keyboard-row" },
        row.map((button, x) => inlineButton(message, button, `${y}:${x}`)),
      ),
    ),
  );
}
