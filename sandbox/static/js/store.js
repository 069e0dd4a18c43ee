/**
 * Holds what this window knows: people, chats, messages, who writes here, which chat is open. Changes only through
 * its functions, and tells its listeners, who draw. Knows no element.
 */

const ACTION_LASTS_MS = 5000;
const REMEMBERED = "chat-page:place";

export const store = {
  ready: false,
  connected: false,
  bot: { id: 0, first_name: "Bot", username: "", commands: [] },
  settings: { privacy: true, flood_limits: false },
  people: new Map(),
  chats: new Map(),
  me: null,
  open: null,
  replyTo: null,
  unread: new Map(),
  actions: new Map(),
};

const listeners = new Set();
let scheduled = false;

/** Call `listener` after changes; several changes at once are told once. */
export function onChange(listener) {
  listeners.add(listener);
}

export function changed() {
  if (scheduled) return;
  scheduled = true;
  // A hidden window gets no animation frames, yet its title must go on counting.
  const soon = document.hidden ? (run) => setTimeout(run, 30) : requestAnimationFrame;
  soon(() => {
    scheduled = false;
    for (const listener of listeners) listener();
  });
}

function keepChat(chat) {
  const known = store.chats.get(chat.id);
  const messages = chat.messages
    ? new Map(chat.messages.map((item) => [item.id, item]))
    : (known?.messages ?? new Map());
  store.chats.set(chat.id, { ...known, ...chat, messages });
}

/** Replace everything by the server's state. */
export function loadAll(state) {
  store.bot = state.bot;
  store.settings = state.settings;
  store.people = new Map(state.people.map((person) => [person.id, person]));
  const gone = new Set(store.chats.keys());
  for (const chat of state.chats) {
    keepChat(chat);
    gone.delete(chat.id);
  }
  for (const id of gone) store.chats.delete(id);
  store.ready = true;
  readPlace();
}

const isMineHere = (chat) => store.me !== null && chat.members.includes(store.me);

/** The chats that the present person sees, the newest talk first. */
export function visibleChats() {
  const chats = [...store.chats.values()].filter((chat) =>
    isGroup(chat) ? isMineHere(chat) && !chat.migrated_to : chat.id === store.me,
  );
  return chats.sort((a, b) => (lastMessage(b)?.date ?? 0) - (lastMessage(a)?.date ?? 0) || b.id - a.id);
}

export function messagesOf(chat) {
  return [...chat.messages.values()].sort((a, b) => a.id - b.id);
}

export function lastMessage(chat) {
  let last = null;
  for (const message of chat.messages.values()) if (last === null || message.id > last.id) last = message;
  return last;
}

export const isGroup = (chat) => Boolean(chat) && chat.type !== "private";
export const titleOf = (chat) => (chat.type === "private" ? store.bot.first_name : chat.title);
export const openChat = () => store.chats.get(store.open) ?? null;
export const unreadKey = (chatId, person = store.me) => `${person}:${chatId}`;

function countUnread(message) {
  if (message.chat_id === store.open && !document.hidden) return;
  const chat = store.chats.get(message.chat_id);
  for (const person of chat?.members ?? []) {
    if (message.from?.id === person || (person === store.me && message.chat_id === store.open)) continue;
    const key = unreadKey(message.chat_id, person);
    store.unread.set(key, (store.unread.get(key) ?? 0) + 1);
  }
}

/** Take a message in; returns whether it was new. */
export function keepMessage(message) {
  const chat = store.chats.get(message.chat_id);
  if (!chat) return false;
  const isNew = !chat.messages.has(message.id);
  chat.messages.set(message.id, message);
  if (message.from?.is_bot) store.actions.delete(message.chat_id);
  if (isNew) countUnread(message);
  changed();
  return isNew;
}

function keepAction({ chat_id: chatId, action }) {
  const until = Date.now() + ACTION_LASTS_MS;
  store.actions.set(chatId, { action, until });
  setTimeout(() => {
    if (store.actions.get(chatId)?.until !== until) return;
    store.actions.delete(chatId);
    changed();
  }, ACTION_LASTS_MS);
}

/** Take one event of the server in; returns the message if it brought a new one. */
export function takeEvent(event) {
  changed();
  switch (event.type) {
    case "message":
      return keepMessage(event.message) ? event.message : null;
    case "edit":
      keepMessage(event.message);
      return null;
    case "delete":
      store.chats.get(event.chat_id)?.messages.delete(event.message_id ?? event.message?.id);
      return null;
    case "chat_action":
      keepAction(event);
      return null;
    case "person":
      store.people.set(event.person.id, event.person);
      return null;
    // An event tells of the chat itself; what was said in it is known already.
    case "chat":
      keepChat(store.chats.has(event.chat.id) ? { ...event.chat, messages: undefined } : event.chat);
      return null;
    case "commands":
      store.bot = { ...store.bot, commands: event.commands };
      return null;
    default:
      return null;
  }
}

/** The address of a place: who writes, and in which chat. */
export const placeOf = (person, chat) => `#person=${person}${chat ? `&chat=${chat}` : ""}`;

/**
 * The place that a person goes to when they take over this window: the same group if they are in it, else their own
 * chat.
 */
export function placeFor(person) {
  const chat = openChat();
  if (isGroup(chat) && chat.members.includes(person)) return placeOf(person, chat.id);
  return placeOf(person, store.open === null ? null : person);
}

const isWide = () => matchMedia("(min-width: 800px)").matches;

/** Read the place from the address, or from what this window remembers, or begin with the first person. */
export function readPlace() {
  if (!store.ready) return;
  const place = new URLSearchParams(location.hash.slice(1) || sessionStorage.getItem(REMEMBERED) || "");
  const asked = Number(place.get("person"));
  const me = store.people.has(asked) ? asked : (store.people.keys().next().value ?? null);
  store.me = me;
  const named = store.chats.get(Number(place.get("chat")));
  const chat = store.chats.get(named?.migrated_to) ?? named;
  const maySee = chat && (isGroup(chat) ? chat.members.includes(me) : chat.id === me);
  const open = maySee ? chat.id : isWide() && store.chats.has(me) ? me : null;
  if (open !== store.open) store.replyTo = null;
  store.open = open;
  markRead();
  const address = placeOf(me, maySee ? open : null);
  sessionStorage.setItem(REMEMBERED, address.slice(1));
  if (location.hash !== address && me !== null) history.replaceState(null, "", address);
  changed();
}

/** Count the open chat as read by the present person. */
export function markRead() {
  if (store.open !== null && !document.hidden) store.unread.delete(unreadKey(store.open));
}

export function setReply(message) {
  store.replyTo = message?.id ?? null;
  changed();
}

export function setConnected(connected) {
  store.connected = connected;
  changed();
}
