/**
 * Shows the reactions to a message, and gives and takes back the present person's own.
 */

import * as api from "./api.js";
import { personAvatar } from "./avatar.js";
import { el } from "./dom.js";
import { keepMessage, store } from "./store.js";
import { toast } from "./toast.js";
import { count } from "./words.js";

const OFFERED = ["👍", "❤", "🔥", "👏", "🎉", "🤩", "😁", "🤔", "😢", "👎", "🙏", "💯"];
const FACES = 3;

/** An emoji of the old plane is drawn in colour only when it says so. */
const inColour = (emoji) => (emoji.length === 1 ? `${emoji}\ufe0f` : emoji);

const isOwn = (reaction) => reaction.by.includes(store.me);

/** Give a reaction, or take it back where it was given already. */
async function react(message, emoji) {
  const isTakenBack = (message.reactions ?? []).some((reaction) => reaction.emoji === emoji && isOwn(reaction));
  try {
    keepMessage(await api.react(message.chat_id, message.id, store.me, isTakenBack ? [] : [emoji]));
  } catch (error) {
    toast(error.message, true);
  }
}

function pill(message, reaction) {
  const people = reaction.by.map((id) => store.people.get(id));
  const names = people.map((person) => person?.first_name ?? store.bot.first_name).join(", ");
  const showsFaces = people.length <= FACES && people.every(Boolean);
  return el(
    "button",
    {
      type: "button",
      class: "reaction",
      title: names,
      "aria-label": `${inColour(reaction.emoji)} ${count(people.length, "reaction", "reactions")}: ${names}`,
      "aria-pressed": String(isOwn(reaction)),
      dataset: { focus: `reaction:${reaction.emoji}`, emoji: reaction.emoji },
      onclick: () => react(message, reaction.emoji),
    },
    el("span", { class: "reaction-emoji" }, inColour(reaction.emoji)),
    showsFaces
      ? el(
          "span",
          { class: "reaction-faces" },
          people.map((person) => personAvatar(person)),
        )
      : el("span", {}, String(people.length)),
  );
}

/** Make the row of reactions under a message, or nothing where it has none. */
export function reactionRow(message) {
  if (!message.reactions?.length) return null;
  return el(
    "div",
    { class: "reactions", role: "group", "aria-label": "Reactions" },
    message.reactions.map((reaction) => pill(message, reaction)),
  );
}

/** Make the buttons that give a reaction; `onDone` runs after one was pressed. */
export function reactionChoice(message, onDone) {
  const given = (message.reactions ?? []).find(isOwn)?.emoji;
  return el(
    "div",
    { class: "reaction-choice", role: "group", "aria-label": "React" },
    OFFERED.map((emoji) =>
      el(
        "button",
        {
          type: "button",
          "aria-label": `React with ${inColour(emoji)}`,
          "aria-pressed": String(emoji === given),
          onclick: () => {
            onDone();
            react(message, emoji);
          },
        },
        inColour(emoji),
      ),
    ),
  );
}
