/**
 * The menu of the bot's commands above the message field: opened by its button, or by a slash at the beginning of a
 * message. Knows the field that it completes, and is told what to do with a command that was picked.
 */

import { el } from "./dom.js";
import { isGroup, openChat, store } from "./store.js";
import { toast } from "./toast.js";

/** In a group a command names its bot, as there may be several. */
const wordsOf = (item) => `/${item.command}${isGroup(openChat()) ? `@${store.bot.username}` : ""}`;

/**
 * Make the menu of a field.
 *
 * `onPick(words)` gets a command to send, `onComplete(words)` one to go on typing after. Returns its element and what
 * the field calls: `input()` after typing, `key(event)` at a key (true: the key was for the menu), `toggle()`,
 * `close()`.
 */
export function commandMenu(field, { onPick, onComplete }) {
  const node = el("div", {
    class: "command-menu",
    id: "command-menu",
    role: "listbox",
    "aria-label": "Commands",
    hidden: true,
  });
  let shown = [];
  let choice = -1;

  const option = (item, index) =>
    el(
      "div",
      {
        class: "command",
        role: "option",
        id: `command-${index}`,
        "aria-selected": String(index === choice),
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => onPick(wordsOf(item)),
      },
      el("strong", {}, `/${item.command}`),
      el("span", {}, item.description),
    );

  const draw = (commands, chosen = -1) => {
    shown = commands;
    choice = chosen;
    node.hidden = commands.length === 0;
    node.replaceChildren(...commands.map(option));
    document.getElementById("commands-button")?.setAttribute("aria-expanded", String(!node.hidden));
    if (choice < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `command-${choice}`);
    node.children[choice]?.scrollIntoView({ block: "nearest" });
  };

  const close = () => draw([]);

  const input = () => {
    const typed = /^\/(\S*)$/u.exec(field.value);
    draw(typed ? store.bot.commands.filter((item) => item.command.startsWith(typed[1].toLowerCase())) : []);
  };

  const toggle = () => {
    if (store.bot.commands.length === 0) toast("The bot has named no commands yet.");
    draw(node.hidden ? store.bot.commands : []);
    field.focus();
  };

  const step = (by) =>
    draw(shown, choice < 0 && by < 0 ? shown.length - 1 : (choice + by + shown.length) % shown.length);

  const key = (event) => {
    if (node.hidden) return false;
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Tab" && !event.shiftKey) onComplete(`${wordsOf(shown[Math.max(choice, 0)])} `);
    else if (event.key === "Enter" && !event.shiftKey && choice >= 0) onPick(wordsOf(shown[choice]));
    else if (event.key === "Escape") close();
    else return false;
    event.preventDefault();
    return true;
  };

  return { node, input, key, toggle, close };
}
