/**
 * The message field: typing, sending, replying, and the bot's commands. In an empty private chat it is a START button instead.
 */

import * as api from "./api.js";
import { setBlocked } from "./conversation.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { keepMessage, openChat, setReply, store } from "./store.js";
import { toast } from "./toast.js";
import { summary } from "./words.js";

const drafts = new Map();
let drawn = "";
let field = null;
let menu = null;
let reply = null;
let choice = -1;
let isMenuPinned = false;

const draftKey = () => `${store.me}/${store.open}`;

/** Send words as the present person to the open chat. */
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

async function sendField() {
  const words = field.value;
  field.value = "";
  closeMenu();
  fit();
  const wasSent = await send(words);
  if (!wasSent && words.trim() && !field.value) field.value = words;
  fit();
}

function fit() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  byId("send").disabled = field.value.trim() === "";
  drafts.set(draftKey(), field.value);
}

// ---- the menu of commands

/** In a group a command names its bot, as there may be several. */
const commandWords = (command) => `/${command}${openChat()?.type === "group" ? `@${store.bot.username}` : ""}`;

function matching() {
  const typed = /^\/(\S*)$/u.exec(field.value);
  if (typed) return store.bot.commands.filter((item) => item.command.startsWith(typed[1].toLowerCase()));
  return isMenuPinned ? store.bot.commands : [];
}

function closeMenu() {
  isMenuPinned = false;
  choice = -1;
  drawMenu([]);
}

function choose(index, commands) {
  choice = commands.length === 0 ? -1 : (index + commands.length) % commands.length;
  drawMenu(commands);
}

function pick(item) {
  field.value = "";
  closeMenu();
  fit();
  field.focus();
  send(commandWords(item.command));
}

function drawMenu(commands) {
  menu.hidden = commands.length === 0;
  field.setAttribute("aria-expanded", String(commands.length > 0));
  menu.replaceChildren(
    ...commands.map((item, index) =>
      el(
        "div",
        {
          class: "command",
          role: "option",
          id: `command-${index}`,
          "aria-selected": String(index === choice),
          onpointerdown: (event) => event.preventDefault(),
          onclick: () => pick(item),
        },
        el("strong", {}, `/${item.command}`),
        el("span", {}, item.description),
      ),
    ),
  );
  if (choice >= 0) {
    field.setAttribute("aria-activedescendant", `command-${choice}`);
    menu.children[choice]?.scrollIntoView({ block: "nearest" });
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function toggleMenu() {
  if (!menu.hidden) {
    closeMenu();
    return;
  }
  isMenuPinned = true;
  choice = -1;
  if (store.bot.commands.length === 0) toast("The bot has named no commands yet.");
  drawMenu(store.bot.commands);
  field.focus();
}

// ---- the field

function onKey(event) {
  if (event.isComposing) return;
  const commands = menu.hidden ? [] : matching();
  if (commands.length > 0 && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    if (event.key === "ArrowDown") choose(choice + 1, commands);
    else choose(choice < 0 ? commands.length - 1 : choice - 1, commands);
  } else if (commands.length > 0 && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    field.value = `${commandWords(commands[Math.max(choice, 0)].command)} `;
    closeMenu();
    fit();
  } else if (event.key === "Escape") {
    if (!menu.hidden) closeMenu();
    else setReply(null);
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (commands.length > 0 && choice >= 0) pick(commands[choice]);
    else sendField();
  }
}

function onInput() {
  fit();
  isMenuPinned = false;
  choice = -1;
  drawMenu(matching());
}

function buildField() {
  field = el("textarea", {
    id: "message-field",
    rows: 1,
    placeholder: "Message",
    "aria-label": "Message",
    enterkeyhint: "send",
    autocomplete: "off",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": "command-menu",
    "aria-expanded": "false",
    maxlength: 4096,
    onkeydown: onKey,
    oninput: onInput,
    onblur: () => field && closeMenu(),
  });
  menu = el("div", {
    class: "command-menu",
    id: "command-menu",
    role: "listbox",
    "aria-label": "Commands",
    hidden: true,
  });
  reply = el("div", { class: "replying", hidden: true });
  const keepFocus = { onpointerdown: (event) => event.preventDefault() };
  return el(
    "form",
    {
      class: "composer-form",
      onsubmit: (event) => {
        event.preventDefault();
        sendField();
      },
    },
    menu,
    reply,
    el(
      "div",
      { class: "composer-row" },
      iconButton("slash", "Commands", toggleMenu, { id: "commands-button", ...keepFocus }),
      field,
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
  reply.hidden = !original;
  if (!original || reply.dataset.to === String(original.id)) return;
  reply.dataset.to = original.id;
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

const bigButton = (id, words, onclick) => el("button", { type: "button", class: "big-button", id, onclick }, words);

export function drawComposer() {
  const chat = openChat();
  const kind = !chat
    ? "none"
    : chat.blocked
      ? "blocked"
      : chat.type === "private" && chat.messages.size === 0
        ? "start"
        : "field";
  const now = `${kind}/${draftKey()}`;
  if (now !== drawn) {
    const hadFocus = byId("composer").contains(document.activeElement);
    drawn = now;
    field = null;
    if (kind === "start") byId("composer").replaceChildren(bigButton("start", "START", () => send("/start")));
    else if (kind === "blocked")
      byId("composer").replaceChildren(bigButton("unblock", "UNBLOCK", () => setBlocked(chat, false)));
    else if (kind === "none") byId("composer").replaceChildren();
    else {
      byId("composer").replaceChildren(buildField());
      field.value = drafts.get(draftKey()) ?? "";
      fit();
      if (hadFocus || matchMedia("(pointer: fine) and (min-width: 800px)").matches)
        field.focus({ preventScroll: true });
    }
  }
  if (field) drawReply();
}
