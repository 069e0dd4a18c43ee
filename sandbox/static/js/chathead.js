/**
 * Draws the head of the open chat: who it is, what the bot is doing there, and the way back.
 */

import * as api from "./api.js";
import { botAvatar, groupAvatar } from "./avatar.js";
import { openGroupBox } from "./groupbox.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { changed, isGroup, placeOf, store, takeEvent, titleOf } from "./store.js";
import { toast } from "./toast.js";
import { actionWords, count } from "./words.js";

let drawnHead = "";

function headWords(chat) {
  const action = store.actions.get(chat.id);
  if (action) return `${store.bot.first_name} is ${actionWords(action.action)}`;
  if (chat.type === "private") {
    if (chat.blocked) return "bot, blocked by you";
    return chat.guests.length ? "bot; a guest votes for you" : "bot";
  }
  const bot = ["left", "kicked"].includes(chat.bot) ? [] : [store.bot.first_name];
  const names = chat.members.map((id) => store.people.get(id)?.first_name).filter(Boolean);
  return `${count(names.length + bot.length, "member", "members")}: ${[...names, ...bot].join(", ")}`;
}

/** Block the bot as the present person, or take it back. */
export async function setBlocked(chat, blocked) {
  try {
    await api.blockBot(chat.id, store.me, blocked);
    chat.blocked = blocked;
    changed();
    toast(
      blocked ? `${store.bot.first_name} cannot write to you now.` : `${store.bot.first_name} can write to you again.`,
    );
  } catch (error) {
    toast(error.message, true);
  }
}

function blockButton(chat) {
  const words = chat.blocked ? "Unblock the bot" : "Block the bot";
  return iconButton("block", words, () => setBlocked(chat, !chat.blocked), {
    "aria-pressed": String(Boolean(chat.blocked)),
  });
}

/** Let a guest vote in the present person's stead, or no longer. */
async function setGuest(chat, isWanted) {
  try {
    takeEvent({
      type: "chat",
      chat: await (isWanted ? api.inviteGuests(chat.id, store.me, 1) : api.sendGuestsHome(chat.id)),
    });
    toast(isWanted ? "A guest with a taste of their own votes for you from now on." : "You vote yourself again.");
  } catch (error) {
    toast(error.message, true);
  }
}

function guestButton(chat) {
  const isThere = chat.guests.length > 0;
  const words = isThere ? "Vote yourself again" : "Let a guest vote for you";
  return iconButton("smile", words, () => setGuest(chat, !isThere), { "aria-pressed": String(isThere) });
}

/** Draw the head of a chat, or nothing where none is open. */
export function drawHead(chat) {
  if (!chat) {
    drawnHead = "";
    byId("chat-head").replaceChildren();
    return;
  }
  const action = store.actions.get(chat.id)?.action;
  const now = JSON.stringify([chat.id, store.me, titleOf(chat), headWords(chat), chat.blocked, chat.guests.length]);
  if (now === drawnHead) return;
  drawnHead = now;
  byId("chat-head").replaceChildren(
    ...[
      el(
        "a",
        { class: "icon-button back", href: placeOf(store.me, null), "aria-label": "Back to the chats" },
        icon("back"),
      ),
      chat.type === "private" ? botAvatar() : groupAvatar(chat),
      el(
        "div",
        { class: "chat-head-lines" },
        el("h2", {}, titleOf(chat)),
        el("p", { class: `chat-status${action ? " acting" : ""}`, id: "chat-status" }, headWords(chat)),
      ),
      isGroup(chat)
        ? [iconButton("group", "Members", () => openGroupBox(chat.id))]
        : [guestButton(chat), blockButton(chat)],
    ].flat(),
  );
}
