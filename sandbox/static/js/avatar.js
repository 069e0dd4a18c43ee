/**
 * Draws the round pictures of people, groups and the bot.
 */

import { el } from "./dom.js";
import { initials } from "./words.js";

const DEFAULT_COLOR = "#6b7a99";

const colorOf = (person) => (person?.color && CSS.supports("color", person.color) ? person.color : DEFAULT_COLOR);

/** The custom properties that give an element a person's colour. */
export const colorStyle = (person) => ({ "--person": colorOf(person) });

export function personAvatar(person, extra = "") {
  return el(
    "span",
    { class: `avatar ${extra}`, style: colorStyle(person), "aria-hidden": "true" },
    initials(person?.first_name ?? "?"),
  );
}

export function botAvatar(extra = "") {
  return el("img", { class: `avatar avatar-bot ${extra}`, src: "/static/favicon.svg", alt: "", "aria-hidden": "true" });
}

const GROUP_COLORS = ["#7a5bb5", "#3f7fbf", "#2f8f83", "#b5592e", "#a8467f", "#5b6fae"];

export function groupAvatar(chat, extra = "") {
  const color = GROUP_COLORS[Math.abs(chat.id) % GROUP_COLORS.length];
  const style = { "--person": color };
  return el("span", { class: `avatar avatar-group ${extra}`, style, "aria-hidden": "true" }, initials(chat.title));
}
