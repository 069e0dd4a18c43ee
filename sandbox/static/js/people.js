/**
 * Draws the row of people at the top: one click, and this window writes as somebody else.
 */

import * as api from "./api.js";
import { personAvatar } from "./avatar.js";
import { byId, el, icon } from "./dom.js";
import { placeFor, placeOf, store, takeEvent } from "./store.js";
import { formBox } from "./toast.js";

let drawn = "";

function unreadOf(person) {
  const own = [...store.unread].filter(([key]) => key.startsWith(`${person.id}:`));
  return own.reduce((total, [, number]) => total + number, 0);
}

function personLink(person) {
  const isMe = person.id === store.me;
  const unread = isMe ? 0 : unreadOf(person);
  const label = `${person.first_name}${isMe ? ", writing now" : ""}${unread ? `, ${unread} unread` : ""}`;
  return el(
    "a",
    {
      class: "person",
      href: placeFor(person.id),
      title: `Write as ${person.first_name}`,
      "aria-label": label,
      "aria-current": isMe ? "true" : null,
      dataset: { person: person.id },
    },
    personAvatar(person),
    el("span", { class: "person-name", "aria-hidden": "true" }, person.first_name),
    unread > 0 && el("span", { class: "dot", "aria-hidden": "true" }),
  );
}

function askForPerson() {
  const languages = [
    ["en", "English"],
    ["de", "Deutsch"],
    ["ru", "Русский"],
    ["es", "Español"],
    ["zh", "中文"],
  ];
  const fields = [
    el(
      "label",
      {},
      "First name",
      el("input", { name: "name", required: true, maxlength: 40, autocomplete: "off", autofocus: true }),
    ),
    el(
      "label",
      {},
      "Language",
      el(
        "select",
        { name: "language" },
        languages.map(([code, name]) => el("option", { value: code }, name)),
      ),
    ),
  ];
  formBox("A new person", fields, "Add", async (form) => {
    const person = await api.addPerson(String(form.get("name")).trim(), String(form.get("language")));
    takeEvent({ type: "person", person });
    location.hash = placeOf(person.id, person.id);
  });
}

export function drawPeople() {
  const people = [...store.people.values()];
  const now = JSON.stringify([store.me, store.open, people, people.map(unreadOf)]);
  if (now === drawn) return;
  drawn = now;
  const row = byId("people");
  const focused = document.activeElement?.closest?.("#people [data-person]")?.dataset.person;
  const add = el(
    "button",
    { type: "button", class: "person", title: "Add a person", "aria-label": "Add a person", onclick: askForPerson },
    el("span", { class: "avatar avatar-add" }, icon("plus")),
  );
  row.replaceChildren(...people.map(personLink), add);
  if (focused) row.querySelector(`[data-person="${focused}"]`)?.focus();
}
