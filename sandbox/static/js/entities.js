/**
 * Turns a text and its entities into nodes. Offsets count UTF-16 units, as Telegram's and JavaScript's both do.
 */

import { el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

function safeAddress(address) {
  const full = /^[a-z][a-z0-9+.-]*:/iu.test(address) ? address : `https://${address}`;
  return /^(https?|mailto|tel):/iu.test(full) ? full : null;
}

function link(address, nodes) {
  const href = safeAddress(address);
  return href ? el("a", { href, target: "_blank", rel: "noopener noreferrer" }, nodes) : el("span", {}, nodes);
}

function spoiler(nodes) {
  const open = (event) => event.currentTarget.classList.add("open");
  return el("button", { type: "button", class: "spoiler", title: "Show", onclick: open }, nodes);
}

function wrap(entity, words, nodes, onCommand) {
  if (TAGS[entity.type]) return el(TAGS[entity.type], {}, nodes);
  switch (entity.type) {
    case "url":
      return link(words, nodes);
    case "text_link":
      return link(entity.url ?? "", nodes);
    case "email":
      return link(`mailto:${words}`, nodes);
    case "spoiler":
      return spoiler(nodes);
    case "bot_command":
      return el("button", { type: "button", class: "command-link", onclick: () => onCommand(words) }, nodes);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return el("span", { class: "mention" }, nodes);
    default:
      return el("span", {}, nodes);
  }
}

function part(text, start, end, entities, onCommand) {
  const nodes = [];
  let at = start;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    const inside = others.filter((other) => other.offset < to);
    rest = others.filter((other) => other.offset >= to);
    if (to <= from) continue;
    if (from > at) nodes.push(text.slice(at, from));
    nodes.push(wrap(entity, text.slice(from, to), part(text, from, to, inside, onCommand), onCommand));
    at = to;
    // A block already ends its line.
    if (BLOCKS.has(entity.type) && text[at] === "\n" && at < end) at += 1;
  }
  if (at < end) nodes.push(text.slice(at, end));
  return nodes;
}

/** Make the nodes of a text; `onCommand(words)` runs when a bot command in it is pressed. */
export function richText(text, entities = [], onCommand = () => {}) {
  const ordered = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return part(text, 0, text.length, ordered, onCommand);
}
