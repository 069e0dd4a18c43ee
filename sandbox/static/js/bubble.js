/**
 * Draws one message, or one album, as a bubble with all that belongs to it.
 */

import * as api from "./api.js";
import { botAvatar, colorStyle, personAvatar } from "./avatar.js";
import { el, icon, iconButton } from "./dom.js";
import { richText } from "./entities.js";
import { inlineKeyboard } from "./keyboard.js";
import { mosaic } from "./mosaic.js";
import { openMessageMenu } from "./messagemenu.js";
import { pollCard } from "./polls.js";
import { reactionRow } from "./reactions.js";
import { openChat, setReply, store } from "./store.js";
import { openViewer } from "./viewer.js";
import { clock, size, summary } from "./words.js";

const WIDEST_PX = 440;
const HIGHEST_PX = 520;
const percent = (part) => `${(part * 100).toFixed(3)}%`;

function tile(pictures, index, box, height) {
  const { file_id: fileId, width, height: pixels } = pictures[index].photo;
  const label = pictures.length > 1 ? `Picture ${index + 1} of ${pictures.length}` : "Picture";
  return el(
    "button",
    {
      type: "button",
      class: "tile",
      "aria-label": `${label}, open`,
      dataset: { focus: `picture:${index}` },
      onclick: () => openViewer(pictures, index),
      style: {
        left: percent(box.x),
        top: percent(box.y / height),
        width: percent(box.w),
        height: percent(box.h / height),
      },
    },
    el("img", { src: api.fileAddress(fileId), alt: "", width, height: pixels, draggable: "false", decoding: "sync" }),
  );
}

function album(pictures) {
  const { boxes, height } = mosaic(pictures.map(({ photo }) => photo.width / photo.height));
  const width = Math.round(Math.min(WIDEST_PX, pictures.length === 1 ? HIGHEST_PX / height : WIDEST_PX));
  return el(
    "div",
    {
      class: "album",
      style: { "--album-width": `${width}px`, "aspect-ratio": `1 / ${height.toFixed(4)}` },
      dataset: { pictures: pictures.length },
    },
    el(
      "div",
      { class: "album-tiles" },
      boxes.map((box, index) => tile(pictures, index, box, height)),
    ),
  );
}

function quote(message, jump) {
  if (!message.reply_to) return null;
  const chat = openChat();
  const original = chat?.messages.get(message.reply_to);
  const person = store.people.get(original?.from?.id);
  const siblings = original?.media_group_id
    ? [...chat.messages.values()].filter((item) => item.media_group_id === original.media_group_id)
    : [];
  return el(
    "button",
    {
      type: "button",
      class: "quote",
      style: person ? colorStyle(person) : {},
      onclick: () => jump(message.reply_to),
      dataset: { focus: "quote" },
    },
    original?.photo && el("img", { src: api.fileAddress(original.photo.file_id), alt: "" }),
    el(
      "span",
      { class: "quote-lines" },
      el("strong", {}, original?.from?.name ?? "Message"),
      el(
        "span",
        {},
        original ? summary(siblings.find((item) => item.caption) ?? original, siblings.length) : "Deleted message",
      ),
    ),
  );
}

function fileCard(message) {
  const { file_id: fileId, file_name: name, file_size: bytes } = message.document;
  return el(
    "a",
    { class: "file", href: api.fileAddress(fileId), download: name ?? "file", dataset: { focus: "file" } },
    el("span", { class: "file-icon" }, icon("file")),
    el("span", { class: "file-lines" }, el("strong", {}, name ?? "File"), el("span", {}, size(bytes))),
  );
}

function stamp(message, isMine) {
  const edited = message.edit_date && !message.from?.is_bot;
  return el(
    "span",
    { class: "stamp" },
    edited && "edited ",
    el("time", { datetime: new Date(message.date * 1000).toISOString() }, clock(message.date)),
    isMine && icon("ticks"),
  );
}

const sideButton = (name, label, onclick) =>
  iconButton(name, label, onclick, { class: "icon-button side-button", "data-focus": name });

/**
 * Draw the messages of one bubble: one, or those of an album in order.
 *
 * `place` says where it stands: `{isMine, isGroup, startsRun, endsRun}`. `actions` are `{jump(messageId),
 * command(words)}`.
 */
export function bubble(messages, place, actions) {
  const [first] = messages;
  const pictures = messages.filter((message) => message.photo);
  const worded = messages.find((message) => message.text || message.caption);
  const words = worded ? (worded.text ?? worded.caption) : "";
  const person = store.people.get(first.from?.id);
  const reacted = messages.find((message) => message.reactions?.length);
  const isBare = pictures.length > 0 && !words && !reacted;
  const name =
    place.isGroup && !place.isMine && place.startsRun
      ? el("span", { class: "sender", style: person ? colorStyle(person) : {} }, first.from?.name ?? "")
      : null;
  const body = el(
    "div",
    { class: `bubble${isBare ? " bare" : ""}${pictures.length ? " has-pictures" : ""}` },
    name,
    quote(first, actions.jump),
    pictures.length > 0 && album(pictures),
    messages.filter((message) => message.document).map(fileCard),
    first.poll && pollCard(first),
    words &&
      el(
        "div",
        { class: "words", dir: "auto" },
        richText(words, worded.entities ?? [], actions.command),
        !reacted && el("span", { class: "stamp-room", "aria-hidden": "true" }),
      ),
    reacted && reactionRow(reacted),
    stamp(first, place.isMine),
  );
  const keyed = messages.find((message) => message.keyboard?.length);
  const avatar =
    place.isGroup && !place.isMine
      ? el("span", { class: "run-avatar" }, place.endsRun && (first.from?.is_bot ? botAvatar() : personAvatar(person)))
      : null;
  // A link has the browser's own menu, and a button is for pressing.
  const openMenu = (event) => {
    if (event.target.closest("a, button:not(.tile)")) return;
    if (event.type === "click" && event.target.closest(".tile")) return;
    event.preventDefault();
    openMessageMenu(messages, event.clientX, event.clientY);
  };
  const react = sideButton("smile", "React", (event) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    openMessageMenu(messages, left, top);
  });
  return el(
    "article",
    {
      class: `message${place.isMine ? " mine" : ""}${place.startsRun ? " starts" : ""}${place.endsRun ? " ends" : ""}`,
      "aria-label": `${place.isMine ? "You" : (first.from?.name ?? "")}, ${clock(first.date)}`,
      dataset: { message: first.id, ids: messages.map((message) => message.id).join(" ") },
      oncontextmenu: openMenu,
      onclick: (event) => event.pointerType === "touch" && event.target.closest(".bubble") && openMenu(event),
      ondblclick: (event) => event.target.closest("button, a") ?? setReply(first),
    },
    avatar,
    el("div", { class: `stack${keyed ? " keyed" : ""}` }, body, keyed && inlineKeyboard(keyed)),
    el("span", { class: "message-actions" }, sideButton("reply", "Reply", () => setReply(first)), react),
  );
}
