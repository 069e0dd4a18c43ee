/**
 * The message field: typing, sending, replying. In an empty private chat it is a START button instead.
 */

import * as api from "./api.js";
import { setBlocked } from "./chathead.js";
import { commandMenu } from "./commandmenu.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { keepMessage, openChat, setReply, store } from "./store.js";
import { toast } from "./toast.js";
import { attachButton } from "./upload.js";
import { summary } from "./words.js";

const HIGHEST_PX = 160;

const drafts = new Map();
let drawn = "";
let field = null;
let menu = null;
let reply = null;

const draftKey = () => `${store.me}/${store.open}`;

/** Send words as the present person to the open chat; returns whether they were sent. */
export async function send(words) {
  const chat = openChat();
  const text = words.trim();
  if (!chat || !text) return false;
  const replyTo = store.replyTo;
  setReply(null);
  try {
    keepMessage(await api.say(chat.id, store.me, text, replyTo));
    return true;
  } catch (error) {
    toast(`Not sent. ${error.message}`, true);
    return false;
  }
}

function write(words) {
  field.value = words;
  menu.close();
  fit();
}

async function sendField() {
  const words = field.value;
  const sender = field;
  write("");
  const wasSent = await send(words);
  if (!wasSent && words.trim() && field === sender && !field.value) write(words);
}

function fit() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, HIGHEST_PX)}px`;
  byId("send").disabled = field.value.trim() === "";
  drafts.set(draftKey(), field.value);
}

function onKey(event) {
  if (event.isComposing || menu.key(event)) return;
  if (event.key === "Escape") setReply(null);
  else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    sendField();
  }
}

function onInput() {
  fit();
  menu.input();
}

function pick(words) {
  write("");
  field.focus();
  send(words);
}

function buildField() {
  field = el("textarea", {
    id: "message-field",
    rows: 1,
    placeholder: "Message",
    "aria-label": "Message",
    enterkeyhint: "send",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-controls": "command-menu",
    maxlength: 4096,
    onkeydown: onKey,
    oninput: onInput,
  });
  menu = commandMenu(field, { onPick: pick, onComplete: write });
  field.addEventListener("blur", menu.close);
  reply = el("div", { class: "replying", hidden: true });
  const keepsFocus = { onpointerdown: (event) => event.preventDefault() };
  const submit = (event) => {
    event.preventDefault();
    sendField();
  };
  return el(
    "form",
    { class: "composer-form", onsubmit: submit },
    menu.node,
    reply,
    el(
      "div",
      { class: "composer-row" },
      iconButton("slash", "Commands", menu.toggle, {
        id: "commands-button",
        "aria-controls": "command-menu",
        "aria-expanded": "false",
        ...keepsFocus,
      }),
      field,
      attachButton(),
      el(
        "button",
        { type: "submit", id: "send", class: "send-button", "aria-label": "Send", title: "Send", disabled: true },
        icon("send"),
      ),
    ),
  );
}

function drawReply() {
  const original = openChat()?.messages.get(store.replyTo);
  const to = original ? String(original.id) : "";
  if ((reply.dataset.to ?? "") === to) return;
  reply.dataset.to = to;
  reply.hidden = !original;
  if (!original) return;
  reply.replaceChildren(
    icon("reply"),
    el(
      "span",
      { class: "quote-lines" },
      el("strong", {}, `Reply to ${original.from?.name ?? ""}`),
      el("span", {}, summary(original)),
    ),
    iconButton("close", "Do not reply", () => setReply(null)),
  );
  field.focus();
}

function kindFor(chat) {
  if (!chat) return "none";
  if (chat.blocked) return "blocked";
  return chat.type === "private" && chat.messages.size === 0 ? "start" : "field";
}

const bigButton = (id, words, onclick) => el("button", { type: "button", class: "big-button", id, onclick }, words);

function build(kind, chat) {
  if (kind === "start") return [bigButton("start", "START", () => send("/start"))];
  if (kind === "blocked") return [bigButton("unblock", "UNBLOCK", () => setBlocked(chat, false))];
  return kind === "field" ? [buildField()] : [];
}

export function drawComposer() {
  const chat = openChat();
  const kind = kindFor(chat);
  const now = `${kind}/${draftKey()}`;
  const isOther = now !== drawn;
  if (isOther) {
    drawn = now;
    const hadFocus = byId("composer").contains(document.activeElement);
    byId("composer").replaceChildren(...build(kind, chat));
    if (kind === "field") {
      write(drafts.get(draftKey()) ?? "");
      if (hadFocus || matchMedia("(pointer: fine) and (min-width: 800px)").matches)
        field.focus({ preventScroll: true });
    }
  }
  if (kind === "field") drawReply();
}
