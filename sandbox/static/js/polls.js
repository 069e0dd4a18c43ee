/**
 * Draws polls and answers them. What is ticked but not yet sent is kept here, by poll and person.
 */

import * as api from "./api.js";
import { personAvatar } from "./avatar.js";
import { el, icon } from "./dom.js";
import { changed, keepMessage, store } from "./store.js";
import { toast } from "./toast.js";
import { openViewer } from "./viewer.js";
import { clock, count } from "./words.js";

const FACES = 3;
const picked = new Map();

const keyOf = (message) => `${message.chat_id}/${message.id}/${store.me}`;
const ownAnswer = (poll) => poll.voted[store.me];

/** Tell what is ticked in a message's poll, so that its drawing can be told from an older one. */
export const pickedIn = (message) => [...(picked.get(keyOf(message)) ?? [])].join();

async function answer(message, options) {
  try {
    keepMessage(await api.vote(message.chat_id, message.id, store.me, options));
    picked.delete(keyOf(message));
    changed();
  } catch (error) {
    toast(error.message, true);
  }
}

function pick(message, index) {
  if (!message.poll.multiple) {
    answer(message, [index]);
    return;
  }
  const chosen = picked.get(keyOf(message)) ?? new Set();
  if (!chosen.delete(index)) chosen.add(index);
  picked.set(keyOf(message), chosen);
  changed();
}

function openPictures(message, index) {
  const shown = message.poll.options.filter((option) => option.photo);
  const pictures = shown.map(({ photo, text }, i) => ({ id: `${message.id}-${i}`, photo, caption: text }));
  openViewer(pictures, shown.indexOf(message.poll.options[index]));
}

function thumb(message, index) {
  const { photo, text } = message.poll.options[index];
  if (!photo) return null;
  return el(
    "button",
    {
      type: "button",
      class: "poll-thumb",
      "aria-label": `Picture of ${text}, open`,
      dataset: { focus: `thumb:${index}` },
      onclick: () => openPictures(message, index),
    },
    el("img", { src: api.fileAddress(photo.file_id), alt: "", draggable: "false" }),
  );
}

/** An option that can be chosen. */
function choice(message, index) {
  const isPicked = picked.get(keyOf(message))?.has(index) ?? false;
  return el(
    "div",
    { class: "poll-option" },
    el(
      "button",
      {
        type: "button",
        class: `poll-choice${message.poll.multiple ? " many" : ""}`,
        role: message.poll.multiple ? "checkbox" : null,
        "aria-checked": message.poll.multiple ? String(isPicked) : null,
        dataset: { focus: `option:${index}`, option: index },
        onclick: () => pick(message, index),
      },
      el("span", { class: "poll-mark", "aria-hidden": "true" }, isPicked && icon("tick")),
      el("span", { class: "poll-words" }, message.poll.options[index].text),
    ),
    thumb(message, index),
  );
}

function faces(poll, index) {
  if (!poll.shows_votes) return null;
  const voters = Object.keys(poll.voted).filter((id) => poll.voted[id].includes(index));
  const people = voters.map((id) => store.people.get(Number(id))).filter(Boolean);
  if (people.length === 0) return null;
  const names = people.map((person) => person.first_name).join(", ");
  return el(
    "span",
    { class: "reaction-faces", role: "img", "aria-label": `Chosen by ${names}`, title: names },
    people.slice(0, FACES).map((person) => personAvatar(person)),
  );
}

/** An option with what became of it. */
function result(message, index) {
  const { poll } = message;
  const { text, voters } = poll.options[index];
  const isOwn = ownAnswer(poll)?.includes(index) ?? false;
  const isTold = poll.closed || !poll.hides_results;
  const share = poll.total_voters ? Math.round((voters / poll.total_voters) * 100) : 0;
  return el(
    "div",
    { class: `poll-option poll-result${isOwn ? " own" : ""}`, dataset: { option: index } },
    el("span", { class: "poll-share" }, isTold ? `${share}%` : isOwn && icon("tick")),
    el(
      "div",
      { class: "poll-lines" },
      el(
        "span",
        { class: "poll-words" },
        text,
        isOwn && isTold && el("span", { class: "poll-own" }, icon("tick"), el("span", { class: "sr-only" }, "yours")),
      ),
      isTold && el("span", { class: "poll-bar", style: { "--share": `${share}%` }, "aria-hidden": "true" }),
    ),
    faces(poll, index),
    thumb(message, index),
  );
}

function kindWords(poll) {
  const kind = poll.type === "quiz" ? "quiz" : "poll";
  const words = poll.anonymous ? `Anonymous ${kind}` : `Public ${kind}`;
  if (poll.closed) return "Final results";
  const end = poll.close_date ? `, until ${clock(poll.close_date)}` : "";
  return `${words}${poll.multiple ? ", several answers" : ""}${end}`;
}

function foot(message) {
  const { poll } = message;
  const tally = poll.total_voters === 0 ? "No votes yet" : count(poll.total_voters, "vote", "votes");
  if (poll.closed) return el("p", { class: "poll-foot" }, tally);
  if (ownAnswer(poll)) {
    return el(
      "p",
      { class: "poll-foot" },
      poll.hides_results ? `${tally}; results when the poll ends` : tally,
      poll.revoting &&
        el(
          "button",
          { type: "button", class: "poll-act", dataset: { focus: "retract" }, onclick: () => answer(message, []) },
          "Retract vote",
        ),
    );
  }
  const chosen = picked.get(keyOf(message)) ?? new Set();
  if (!poll.multiple) return el("p", { class: "poll-foot" }, tally);
  return el(
    "p",
    { class: "poll-foot" },
    tally,
    el(
      "button",
      {
        type: "button",
        class: "poll-act",
        disabled: chosen.size === 0,
        dataset: { focus: "vote" },
        onclick: () => answer(message, [...chosen].sort((a, b) => a - b)),
      },
      "Vote",
    ),
  );
}

/** Draw the poll of a message. */
export function pollCard(message) {
  const { poll } = message;
  const showsResults = poll.closed || ownAnswer(poll);
  return el(
    "div",
    { class: "poll", role: "group", "aria-label": `Poll: ${poll.question}` },
    poll.photo && el("img", { class: "poll-picture", src: api.fileAddress(poll.photo.file_id), alt: "" }),
    el("strong", { class: "poll-question", dir: "auto" }, poll.question),
    el("span", { class: "poll-kind" }, kindWords(poll)),
    poll.options.map((_, index) => (showsResults ? result : choice)(message, index)),
    foot(message),
  );
}
