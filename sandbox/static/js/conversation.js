/**
 * Draws the open chat: its messages in order with date lines, and where the reader stands in them.
 */

import { botAvatar } from "./avatar.js";
import { bubble } from "./bubble.js";
import { drawHead } from "./chathead.js";
import { byId, el, icon } from "./dom.js";
import { waitingUnder } from "./keyboard.js";
import { drawPinned } from "./pinned.js";
import { pickedIn } from "./polls.js";
import { isGroup, messagesOf, openChat, store } from "./store.js";
import { count, day } from "./words.js";

const NEAR_END_PX = 90;
const RUN_LASTS_S = 600;

let shownChat = null;
let isAtEnd = true;
let unseen = 0;
let newestSeen = 0;
let onCommand = () => {};
const items = new Map();

/** Put messages of one album together; everything else stands alone. */
function bundles(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.media_group_id && last?.[0].media_group_id === message.media_group_id) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

function continues(before, after) {
  return Boolean(
    before &&
    after &&
    !before.service &&
    !after.service &&
    before.from?.id === after.from?.id &&
    day(before.date) === day(after.date) &&
    after.date - before.date < RUN_LASTS_S,
  );
}

function plan(chat) {
  const groups = bundles(messagesOf(chat));
  const rows = [];
  groups.forEach((group, index) => {
    const [first] = group;
    const before = groups[index - 1]?.at(-1);
    const after = groups[index + 1]?.[0];
    const today = day(first.date);
    if (!before || day(before.date) !== today) {
      rows.push({
        key: `day:${today}`,
        signature: today,
        make: () => el("div", { class: "day" }, el("span", {}, today)),
      });
    }
    if (first.service) {
      rows.push({
        key: `m${first.id}`,
        signature: first.service,
        make: () => el("div", { class: "service", dataset: { ids: first.id } }, el("span", {}, first.service)),
      });
      return;
    }
    const place = {
      isMine: first.from?.id === store.me,
      isGroup: isGroup(chat),
      startsRun: !continues(before, first),
      endsRun: !continues(group.at(-1), after),
    };
    const original = chat.messages.get(first.reply_to);
    const signature = JSON.stringify([
      group,
      place,
      waitingUnder(first),
      pickedIn(first),
      original?.text,
      original?.caption,
      Boolean(original),
    ]);
    rows.push({ key: `m${first.id}`, signature, make: () => bubble(group, place, { jump, command: onCommand }) });
  });
  return rows;
}

/** Draw again only what is different; a button that had the focus keeps it. */
function reconcile(rows) {
  const list = byId("messages");
  const keys = new Set(rows.map((row) => row.key));
  for (const [key, item] of items) {
    if (keys.has(key)) continue;
    item.node.remove();
    items.delete(key);
  }
  let at = null;
  for (const row of rows) {
    const known = items.get(row.key);
    let node = known?.node;
    if (!known || known.signature !== row.signature) {
      node = row.make();
      if (known) {
        const focused = known.node.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
        known.node.replaceWith(node);
        if (focused) node.querySelector(`[data-focus="${focused}"]`)?.focus({ preventScroll: true });
      } else if (shownChat !== null && isAtEnd && rows.length > 1 && items.size > 0) {
        node.classList.add("arriving");
      }
      items.set(row.key, { node, signature: row.signature });
    }
    const expected = at === null ? list.firstChild : at.nextSibling;
    if (node !== expected) list.insertBefore(node, expected);
    at = node;
  }
}

function toEnd(smooth = false) {
  const scroller = byId("scroller");
  isAtEnd = true;
  scroller.scrollTo({
    top: scroller.scrollHeight,
    behavior: smooth && !matchMedia("(prefers-reduced-motion: reduce)").matches ? "smooth" : "instant",
  });
  drawChip();
}

function jump(messageId) {
  const node = byId("messages").querySelector(`[data-ids~="${messageId}"]`);
  if (!node) return;
  node.scrollIntoView({
    block: "center",
    behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth",
  });
  node.classList.remove("pointed");
  void node.offsetWidth; // begins the animation again
  node.classList.add("pointed");
}

function drawChip() {
  const chip = byId("chip");
  if (isAtEnd) unseen = 0;
  chip.hidden = isAtEnd || !openChat();
  chip.replaceChildren(icon("down"), unseen > 0 ? count(unseen, "new message", "new messages") : "");
  chip.classList.toggle("quiet", unseen === 0);
  chip.setAttribute(
    "aria-label",
    unseen > 0 ? `${count(unseen, "new message", "new messages")}, go to the end` : "Go to the end",
  );
}

function welcome() {
  return el(
    "div",
    { class: "welcome" },
    botAvatar("avatar-huge"),
    el("h3", {}, store.bot.first_name),
    el("p", {}, "No messages here yet. Press START to begin."),
  );
}

function drawMessages(chat) {
  const key = `${store.me}/${chat.id}`;
  const isOther = key !== shownChat;
  if (isOther) {
    byId("messages").replaceChildren();
    items.clear();
    shownChat = null;
    isAtEnd = true;
    unseen = 0;
  }
  const newest = Math.max(0, ...chat.messages.keys());
  const fresh = isOther ? [] : messagesOf(chat).filter((message) => message.id > newestSeen);
  reconcile(plan(chat));
  byId("messages").querySelector(".welcome")?.remove();
  if (chat.messages.size === 0 && chat.type === "private") byId("messages").append(welcome());
  newestSeen = newest;
  shownChat = key;
  unseen += fresh.filter((message) => message.from?.id !== store.me).length;
  const isOwn = fresh.some((message) => message.from?.id === store.me);
  if (isAtEnd || isOther || isOwn) toEnd();
  drawChip();
}

export function drawConversation() {
  const chat = openChat();
  byId("shell").dataset.chat = chat ? chat.type : "none";
  drawHead(chat);
  drawPinned(chat, jump);
  if (!chat) {
    shownChat = null;
    byId("messages").replaceChildren();
    items.clear();
    drawChip();
    return;
  }
  drawMessages(chat);
}

/** Begin to follow the reader's scrolling; `command(words)` runs when a command in a message is pressed. */
export function openConversation({ command }) {
  onCommand = command;
  const scroller = byId("scroller");
  scroller.addEventListener(
    "scroll",
    () => {
      isAtEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
      drawChip();
    },
    { passive: true },
  );
  byId("chip").addEventListener("click", () => toEnd(true));
  new ResizeObserver(() => isAtEnd && toEnd()).observe(byId("messages"));
  new ResizeObserver(() => isAtEnd && toEnd()).observe(scroller);
}
