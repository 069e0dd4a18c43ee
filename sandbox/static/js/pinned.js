/**
 * Draws the bar of the newest pinned message under the head of the chat; pressing it goes there.
 */

import * as api from "./api.js";
import { byId, el } from "./dom.js";
import { summary } from "./words.js";

let drawn = "";

/** Draw the bar of a chat, or hide it where nothing is pinned; `jump(messageId)` leads to the message. */
export function drawPinned(chat, jump) {
  const pinned = (chat?.pinned ?? []).map((id) => chat.messages.get(id)).filter(Boolean);
  const newest = pinned.reduce((last, message) => (last && last.id > message.id ? last : message), null);
  const now = JSON.stringify([chat?.id, pinned.length, newest]);
  if (now === drawn) return;
  drawn = now;
  const bar = byId("pinned");
  bar.hidden = newest === null;
  if (newest === null) return;
  bar.onclick = () => jump(newest.id);
  bar.replaceChildren(
    ...(newest.photo ? [el("img", { src: api.fileAddress(newest.photo.file_id), alt: "" })] : []),
    el(
      "span",
      { class: "quote-lines" },
      el("strong", {}, pinned.length > 1 ? `Pinned message, 1 of ${pinned.length}` : "Pinned message"),
      el("span", {}, summary(newest)),
    ),
  );
}
