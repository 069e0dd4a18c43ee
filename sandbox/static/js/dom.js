/**
 * Makes elements and icons. Text always becomes a text node, so nothing that a person wrote is ever read as markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element: `properties` may hold `class`, `dataset`, `style` (custom properties too), `on<event>` and
 * attributes.
 */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.className = value;
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

const PATHS = {
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12 20 4l-5 16-4-6.5zM11 13.5 20 4",
  slash: "M15.5 4l-7 16",
  plus: "M12 5v14M5 12h14",
  sun:
    "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9z" +
    "M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14",
  reply: "M10 6l-6 5.5 6 5.5v-3.5c5 0 8 1.5 10 4.5 0-5.5-3.5-9.5-10-9.5z",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM5.7 5.7l12.6 12.6",
  group:
    "M9 5.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3.5 19c0-3 2.5-5 5.5-5s5.5 2 5.5 5" +
    "M16 6.2a2.6 2.6 0 1 1 0 5M17 14.2c2.2.4 3.8 2.2 3.8 4.6",
  file: "M7 3h7l5 5v13H7zM14 3v5h5",
  save: "M12 4v11M7 11l5 5 5-5M5 20h14",
  link: "M8 16 17 7M9.5 7H17v7.5",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 14c1 1.8 2.4 2.7 4 2.7s3-.9 4-2.7M9 9.2v.6M15 9.2v.6",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  pencil: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19z",
  clip: "M19 11.5l-7.6 7.6a4.6 4.6 0 0 1-6.5-6.5l8-8a3 3 0 0 1 4.3 4.3l-7.7 7.7a1.5 1.5 0 0 1-2.1-2.1l6.9-6.9",
  more: "M12 5.5v.2M12 12v.2M12 18.5v.2",
  ticks: "M2 12.5l4.5 4.5L16 7.5M11 16l1 1L21.5 7.5",
};

/** Draw an icon 24 units wide; it is hidden from screen readers, so its button needs a label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Make a round button that shows only an icon. */
export function iconButton(name, label, onclick, properties = {}) {
  return el(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...properties },
    icon(name),
  );
}
