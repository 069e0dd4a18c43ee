/**
 * The box about a group: who is in it and what they are; joining, leaving, promoting, migrating.
 */

import * as api from "./api.js";
import { botAvatar, personAvatar } from "./avatar.js";
import { el } from "./dom.js";
import { placeOf, store, takeEvent } from "./store.js";
import { formBox, toast } from "./toast.js";

const isIn = (status) => status !== "left" && status !== "kicked";

function statusWords(chat, id) {
  if (id === "bot") return isIn(chat.bot) ? (chat.bot === "administrator" ? "administrator" : "member") : "not here";
  if (!chat.members.includes(id)) return "not here";
  if (chat.guests.includes(id)) return "guest, votes by a taste of their own";
  return chat.administrators.includes(id) ? "administrator" : "member";
}

/** What one can make of somebody who is this now. */
const STEPS = {
  "not here": [["Add", "member"]],
  member: [
    ["Promote", "administrator"],
    ["Remove", "left"],
  ],
  administrator: [
    ["Demote", "member"],
    ["Remove", "left"],
  ],
};

function memberRow(chat, id, draw) {
  const person = store.people.get(id);
  const name = id === "bot" ? store.bot.first_name : person.first_name;
  const status = statusWords(chat, id);
  const set = async (next) => {
    try {
      takeEvent({ type: "chat", chat: await api.setMember(chat.id, store.me, id, next) });
      draw();
    } catch (error) {
      toast(error.message, true);
    }
  };
  const steps = id === store.me ? [["Leave", "left"]] : (STEPS[status] ?? STEPS.member);
  return el(
    "li",
    { class: "member" },
    id === "bot" ? botAvatar() : personAvatar(person),
    el("span", { class: "file-lines" }, el("strong", {}, name), el("span", {}, status)),
    el(
      "span",
      { class: "member-steps" },
      steps.map(([words, next]) =>
        el("button", { type: "button", "aria-label": `${words}: ${name}`, onclick: () => set(next) }, words),
      ),
    ),
  );
}

/** The line that invites guests, simulated people who vote on each new album, and sends them home. */
function guestsRow(chatId, draw) {
  const row = el("div", { class: "guests" });
  const act = async (ask) => {
    row.setAttribute("aria-busy", "true");
    try {
      takeEvent({ type: "chat", chat: await ask() });
    } catch (error) {
      toast(error.message, true);
    }
    row.removeAttribute("aria-busy");
    draw();
  };
  const number = el("input", { type: "number", min: 1, max: 12, value: 3, "aria-label": "How many guests" });
  const invite = () => act(() => api.inviteGuests(chatId, store.me, Number(number.value)));
  const sendHome = el(
    "button",
    { type: "button", onclick: () => act(() => api.sendGuestsHome(chatId)) },
    "Send guests home",
  );
  row.append(
    el("span", { class: "file-lines" }, el("strong", {}, "Guests"), el("span", {}, "judge by what they see, and vote")),
    number,
    el("button", { type: "button", onclick: invite }, "Invite guests"),
    sendHome,
  );
  return { row, show: () => (sendHome.hidden = !store.chats.get(chatId).guests.length) };
}

/** Open the box about a group. */
export function openGroupBox(chatId) {
  const list = el("ul", { class: "members" });
  const draw = () => {
    const chat = store.chats.get(chatId);
    const everybody = ["bot", ...store.people.keys()];
    list.replaceChildren(...everybody.map((id) => memberRow(chat, id, draw)));
    guests.show();
  };
  const guests = guestsRow(chatId, draw);
  draw();
  const chat = store.chats.get(chatId);
  const fields = chat.type === "channel" ? [list] : [list, guests.row];
  if (chat.type !== "group") {
    formBox(chat.title, fields, "Done", async () => {});
    return;
  }
  const migrate = el("input", { type: "checkbox", name: "migrate" });
  fields.push(el("label", { class: "check" }, migrate, "Make it a supergroup, with another id"));
  formBox(chat.title, fields, "Done", async (form) => {
    if (!form.get("migrate")) return;
    const grown = await api.migrate(chatId, store.me);
    takeEvent({ type: "chat", chat: grown });
    location.hash = placeOf(store.me, grown.id);
  });
}
