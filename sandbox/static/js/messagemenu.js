/**
 * The menu of one message: reactions, reply, copy, edit. Opened by a right click, a long press, a tap or its button.
 */

import * as api from "./api.js";
import { el, icon } from "./dom.js";
import { reactionChoice } from "./reactions.js";
import { keepMessage, setReply, store } from "./store.js";
import { formBox, toast } from "./toast.js";

const EDGE_PX = 8;

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
    toast("Copied.");
  } catch {
    toast("The browser does not let this page copy.", true);
  }
}

function askForEdit(message) {
  const field = el("textarea", { name: "text", rows: 4, required: true, maxlength: 4096, autofocus: true });
  field.value = message.text ?? message.caption;
  formBox("Edit the message", [el("label", {}, "Text", field)], "Save", async (form) => {
    const words = String(form.get("text")).trim();
    keepMessage(await api.edit(message.chat_id, message.id, store.me, words));
  });
}

function entry(name, words, onclick) {
  return el("button", { type: "button", class: "menu-entry", onclick }, icon(name), words);
}

function entriesFor(message, worded, close) {
  const closing = (name, words, act) =>
    entry(name, words, () => {
      close();
      act();
    });
  const isOwn = worded?.from?.id === store.me;
  return [
    closing("reply", "Reply", () => setReply(message)),
    worded && closing("copy", "Copy the text", () => copy(worded.text ?? worded.caption)),
    isOwn && closing("pencil", "Edit", () => askForEdit(worded)),
  ];
}

function stepFocus(node, event) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const buttons = [...node.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  buttons[(at + by + buttons.length) % buttons.length].focus();
  event.preventDefault();
}

/** Open the menu of a bubble's messages near a point of the window. */
export function openMessageMenu(messages, x, y) {
  const before = document.activeElement;
  const [first] = messages;
  const node = el("dialog", { class: "message-menu", "aria-label": "Message" });
  const close = () => node.close();
  const worded = messages.find((message) => message.text || message.caption);
  const reacted = messages.find((message) => message.reactions?.length) ?? first;
  node.append(reactionChoice(reacted, close), ...entriesFor(first, worded, close).filter(Boolean));
  node.addEventListener("keydown", (event) => stepFocus(node, event));
  node.addEventListener("click", (event) => event.target === node && close());
  node.addEventListener("contextmenu", (event) => event.preventDefault());
  node.addEventListener("close", () => {
    node.remove();
    before?.focus?.({ preventScroll: true });
  });
  document.body.append(node);
  node.showModal();
  const box = node.getBoundingClientRect();
  node.style.left = `${Math.max(EDGE_PX, Math.min(x, innerWidth - box.width - EDGE_PX))}px`;
  node.style.top = `${Math.max(EDGE_PX, Math.min(y, innerHeight - box.height - EDGE_PX))}px`;
  node.querySelector("button").focus({ preventScroll: true });
}
