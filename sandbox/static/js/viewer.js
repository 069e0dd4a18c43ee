/**
 * Shows pictures large: arrows, keys, swipes, and the dialog's own Escape.
 */

import * as api from "./api.js";
import { el, iconButton } from "./dom.js";
import { richText } from "./entities.js";

const SWIPE_PX = 60;

function picture(message) {
  const { file_id: fileId, width, height } = message.photo;
  return el("img", {
    src: api.fileAddress(fileId),
    alt: message.caption ?? "Picture",
    width,
    height,
    draggable: "false",
  });
}

/** Follow a finger or the mouse on `stage`: sideways turns the page, up or down closes. */
function followSwipes(stage, { turn, close }) {
  let from = null;
  const move = (event) => {
    if (!from) return;
    const x = event.clientX - from.x;
    const y = event.clientY - from.y;
    const isSideways = Math.abs(x) >= Math.abs(y);
    stage.style.setProperty("--x", `${isSideways ? x : 0}px`);
    stage.style.setProperty("--y", `${isSideways ? 0 : y}px`);
  };
  const end = (event) => {
    if (!from) return;
    const x = event.clientX - from.x;
    const y = event.clientY - from.y;
    from = null;
    stage.classList.remove("dragging");
    stage.style.setProperty("--x", "0px");
    stage.style.setProperty("--y", "0px");
    if (Math.abs(x) > SWIPE_PX && Math.abs(x) > Math.abs(y)) turn(x < 0 ? 1 : -1);
    else if (Math.abs(y) > SWIPE_PX * 1.5) close();
    else if (Math.hypot(x, y) < 6 && event.type === "pointerup" && event.target === stage) close();
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY };
    stage.classList.add("dragging");
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
}

/** Open the pictures of some messages at one of them. */
export function openViewer(messages, start) {
  let index = start;
  const before = document.activeElement;
  const counter = el("span", { class: "viewer-counter", role: "status" });
  const stage = el("div", { class: "viewer-stage" });
  const caption = el("div", { class: "viewer-caption", dir: "auto" });
  const dialog = el("dialog", { class: "viewer", "aria-label": "Picture viewer" });
  const close = () => dialog.close();
  const captioned = messages.filter((message) => message.caption);

  const show = (step) => {
    const image = picture(messages[index]);
    if (step) image.classList.add(step > 0 ? "from-right" : "from-left");
    stage.replaceChildren(image);
    // One caption is the whole album's; several are each picture's own.
    const worded = captioned.length > 1 ? messages[index] : captioned[0];
    caption.replaceChildren(...richText(worded?.caption ?? "", worded?.entities ?? []));
    counter.textContent = messages.length > 1 ? `${index + 1} of ${messages.length}` : "";
    save.href = api.fileAddress(messages[index].photo.file_id);
    save.download = `picture-${messages[index].id}.jpg`;
    for (const [i, dot] of [...strip.children].entries()) dot.setAttribute("aria-current", String(i === index));
    strip.children[index]?.scrollIntoView({ block: "nearest", inline: "center" });
    previous.disabled = index === 0;
    next.disabled = index === messages.length - 1;
  };
  const go = (to) => {
    if (to < 0 || to >= messages.length || to === index) return;
    const step = to - index;
    index = to;
    show(step);
  };
  const turn = (step) => go(index + step);

  const save = el("a", { class: "icon-button", "aria-label": "Save the picture", title: "Save the picture" });
  save.append(iconButton("save", "", null).firstChild);
  const previous = iconButton("back", "Previous picture", () => turn(-1), { class: "viewer-turn viewer-previous" });
  const next = iconButton("next", "Next picture", () => turn(1), { class: "viewer-turn viewer-next" });
  const strip = el(
    "div",
    { class: "viewer-strip" },
    messages.length > 1 &&
      messages.map((message, i) =>
        el(
          "button",
          { type: "button", "aria-label": `Picture ${i + 1}`, onclick: () => go(i) },
          el("img", { src: api.fileAddress(message.photo.file_id), alt: "", draggable: "false" }),
        ),
      ),
  );

  dialog.append(
    el("div", { class: "viewer-bar" }, counter, save, iconButton("close", "Close", close)),
    stage,
    previous,
    next,
    el("div", { class: "viewer-foot" }, caption, strip),
  );
  followSwipes(stage, { turn, close });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(1);
    else if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(messages.length - 1);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    before?.focus?.({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  show(0);
}
