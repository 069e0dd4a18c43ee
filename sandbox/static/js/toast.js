/**
 * Shows what passes: toasts, alerts, small forms. Knows only the words that it is given.
 */

import { byId, el } from "./dom.js";

const TOAST_LASTS_MS = 4000;

/** Show words for a few seconds; a newer toast takes an older one's place. */
export function toast(words, isError = false) {
  const node = el("div", { class: `toast${isError ? " toast-error" : ""}` }, words);
  byId("toasts").replaceChildren(node);
  setTimeout(() => node.classList.add("leaving"), TOAST_LASTS_MS);
  setTimeout(() => node.remove(), TOAST_LASTS_MS + 300);
}

function show(dialog) {
  const before = document.activeElement;
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** Show words that must be read: the reader closes them. */
export function alertBox(title, words) {
  const dialog = el("dialog", { class: "box", role: "alertdialog", "aria-label": title });
  dialog.append(
    el("h2", {}, title),
    el("p", { class: "box-words" }, words),
    el(
      "div",
      { class: "box-buttons" },
      el("button", { type: "button", class: "primary", autofocus: true, onclick: () => dialog.close() }, "OK"),
    ),
  );
  show(dialog);
}

/**
 * Ask for something in a small form.
 *
 * `fields` are elements put into it; `onDone(FormData)` may return a promise: the form closes when it is fulfilled,
 * and shows the reason when it is not.
 */
export function formBox(title, fields, doneWords, onDone) {
  const dialog = el("dialog", { class: "box", "aria-label": title });
  const problem = el("p", { class: "box-problem", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await onDone(new FormData(event.currentTarget));
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  dialog.append(
    el(
      "form",
      { onsubmit: submit },
      el("h2", {}, title),
      fields,
      problem,
      el(
        "div",
        { class: "box-buttons" },
        el("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
        el("button", { type: "submit", class: "primary" }, doneWords),
      ),
    ),
  );
  show(dialog);
}
