/**
 * Draws the list of the present person's chats.
 */

import * as api from "./api.js";
import { botAvatar, groupAvatar } from "./avatar.js";
import { byId, el, iconButton } from "./dom.js";
import { isGroup, lastMessage, placeOf, store, takeEvent, titleOf, unreadKey, visibleChats } from "./store.js";
import { formBox } from "./toast.js";
import { actionWords, clock, day, summary } from "./words.js";

let drawn = "";

const when = (unix) => (day(unix) === "Today" ? clock(unix) : day(unix));

function preview(chat) {
  const action = store.actions.get(chat.id);
  if (action) {
    const who = isGroup(chat) ? `${store.bot.first_name} is ` : "";
    return el("span", { class: "chat-preview chat-action" }, who + actionWords(action.action));
  }
  const last = lastMessage(chat);
  if (!last) return el("span", { class: "chat-preview" }, chat.type === "private" ? "Say hello" : "No messages yet");
  const who = last.service
    ? ""
    : last.from?.id === store.me
      ? "You: "
      : isGroup(chat)
        ? `${last.from?.name}: `
        : "";
  const size = last.media_group_id
    ? [...chat.messages.values()].filter((item) => item.media_group_id === last.media_group_id).length
    : 1;
  return el("span", { class: "chat-preview" }, who && el("span", { class: "chat-who" }, who), summary(last, size));
}

function chatLink(chat) {
  const last = lastMessage(chat);
  const unread = store.unread.get(unreadKey(chat.id)) ?? 0;
  return el(
    "li",
    {},
    el(
      "a",
      {
        class: "chat-row",
        href: placeOf(store.me, chat.id),
        "aria-current": chat.id === store.open ? "true" : null,
        dataset: { chat: chat.id },
      },
      isGroup(chat) ? groupAvatar(chat, "avatar-large") : botAvatar("avatar-large"),
      el(
        "span",
        { class: "chat-lines" },
        el(
          "span",
          { class: "chat-line" },
          el("span", { class: "chat-title" }, titleOf(chat)),
          last && el("time", {}, when(last.date)),
        ),
        el(
          "span",
          { class: "chat-line" },
          preview(chat),
          unread > 0 && el("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread)),
        ),
      ),
    ),
  );
}

function askForGroup() {
  const members = [...store.people.values()].map((person) =>
    el(
      "label",
      { class: "check" },
      el("input", { type: "checkbox", name: "member", value: person.id, checked: true }),
      person.first_name,
    ),
  );
  const fields = [
    el(
      "label",
      {},
      "Title",
      el("input", { name: "title", required: true, maxlength: 60, autocomplete: "off", autofocus: true }),
    ),
    el("fieldset", {}, el("legend", {}, "Members, besides the bot"), members),
  ];
  formBox("A new group", fields, "Create", async (form) => {
    const chosen = form.getAll("member").map(Number);
    if (!chosen.includes(store.me)) chosen.push(store.me);
    const chat = await api.addGroup(String(form.get("title")).trim(), chosen);
    takeEvent({ type: "chat", chat });
    location.hash = placeOf(store.me, chat.id);
  });
}

export function openChatList() {
  byId("chats-actions").append(iconButton("plus", "New group", askForGroup));
}

export function drawChatList() {
  const chats = visibleChats();
  byId("connection").textContent = store.connected ? "" : "Connecting…";
  const now = JSON.stringify([
    store.me,
    store.open,
    store.bot.first_name,
    day(Date.now() / 1000),
    chats.map((chat) => [
      chat.id,
      chat.title,
      lastMessage(chat),
      chat.messages.size,
      store.unread.get(unreadKey(chat.id)),
      store.actions.get(chat.id)?.action,
    ]),
  ]);
  if (now === drawn) return;
  drawn = now;
  const list = byId("chat-list");
  const focused = document.activeElement?.closest?.("#chat-list [data-chat]")?.dataset.chat;
  list.replaceChildren(...chats.map(chatLink));
  if (focused) list.querySelector(`[data-chat="${focused}"]`)?.focus({ preventScroll: true });
}
