/**
 * Sends pictures and files: chosen by a button, dropped onto the chat, or pasted. Asks first what they shall be.
 */

import * as api from "./api.js";
import { byId, el, icon, iconButton } from "./dom.js";
import { keepMessage, openChat, setReply, store } from "./store.js";
import { formBox, toast } from "./toast.js";
import { count, size } from "./words.js";

const MOST_AT_ONCE = 10;
const PHOTO_TYPES = ["image/png", "image/jpeg", "image/webp"];

const isPhoto = (file) => PHOTO_TYPES.includes(file.type);

/** Send files in albums of ten at most, the caption with the first. */
async function sendFiles(chat, files, kind, caption) {
  let replyTo = store.replyTo;
  for (let first = 0; first < files.length; first += MOST_AT_ONCE) {
    const part = files.slice(first, first + MOST_AT_ONCE);
    const words = first === 0 ? caption : "";
    const sent = await api.upload(chat.id, store.me, part, { kind, caption: words, replyTo });
    sent.forEach(keepMessage);
    replyTo = null;
  }
  setReply(null);
}

function filePreview(file, drop) {
  const address = isPhoto(file) ? URL.createObjectURL(file) : null;
  const image = address && el("img", { src: address, alt: "" });
  image?.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
  return el(
    "li",
    { class: "upload-file" },
    image ?? el("span", { class: "upload-icon" }, icon("file")),
    el("span", { class: "file-lines" }, el("strong", {}, file.name), el("span", {}, size(file.size))),
    iconButton("close", `Leave ${file.name} out`, drop),
  );
}

function kindChoice(mayBePhotos) {
  const option = (value, words, checked, disabled) =>
    el(
      "label",
      { class: "check" },
      el("input", { type: "radio", name: "kind", value, checked, disabled }),
      words,
    );
  return el(
    "fieldset",
    {},
    el("legend", {}, "Send as"),
    option("photo", "Photos", mayBePhotos, !mayBePhotos),
    option("document", "Files, unchanged", !mayBePhotos, false),
  );
}

/** Ask how to send files to the open chat, and send them. */
export function offerFiles(chosen) {
  const chat = openChat();
  let files = [...chosen].filter((file) => file.size > 0);
  if (files.length < chosen.length) toast("Empty files and folders cannot be sent.", true);
  if (!chat || files.length === 0) return;
  const list = el("ul", { class: "upload-files" });
  const draw = () =>
    list.replaceChildren(
      ...files.map((file) =>
        filePreview(file, () => {
          if (files.length > 1) files = files.filter((other) => other !== file);
          draw();
        }),
      ),
    );
  draw();
  const caption = el("input", { name: "caption", maxlength: 1024, autocomplete: "off", autofocus: true });
  const fields = [list, kindChoice(files.every(isPhoto)), el("label", {}, "Caption", caption)];
  formBox(`Send ${count(files.length, "file", "files")}`, fields, "Send", (form) =>
    sendFiles(chat, files, String(form.get("kind")), String(form.get("caption")).trim()),
  );
}

/** Make the button that opens the system's choice of files. */
export function attachButton() {
  const input = el("input", { type: "file", multiple: true, hidden: true, id: "file-input", "aria-label": "Files" });
  input.addEventListener("change", () => {
    offerFiles([...input.files]);
    input.value = "";
  });
  return [iconButton("clip", "Send pictures or files", () => input.click(), { id: "attach" }), input];
}

/** Begin to take files that are dropped onto the conversation or pasted into the page. */
export function openUploads() {
  const place = byId("conversation");
  let depth = 0;
  const carriesFiles = (event) => openChat() !== null && [...(event.dataTransfer?.types ?? [])].includes("Files");
  const show = (by) => {
    depth = by === 0 ? 0 : Math.max(0, depth + by);
    place.classList.toggle("dropping", depth > 0);
  };
  place.addEventListener("dragenter", (event) => carriesFiles(event) && show(1));
  place.addEventListener("dragleave", (event) => carriesFiles(event) && show(-1));
  // A file that misses the chat must not take the page's place.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());
  place.addEventListener("drop", (event) => {
    show(0);
    if (carriesFiles(event)) offerFiles([...event.dataTransfer.files]);
  });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    offerFiles(files);
  });
}
