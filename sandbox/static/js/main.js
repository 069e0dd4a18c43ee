/**
 * Starts the page: opens its parts, listens to the server, and has everything drawn after each change.
 */

import * as api from "./api.js";
import { drawChatList, openChatList } from "./chatlist.js";
import { drawComposer, send } from "./composer.js";
import { drawConversation, openConversation } from "./conversation.js";
import { openDeveloper, refreshDeveloper, resetDeveloper } from "./developer.js";
import { byId } from "./dom.js";
import { listen } from "./events.js";
import { drawPeople } from "./people.js";
import { changed, loadAll, markRead, onChange, readPlace, setConnected, store, takeEvent, titleOf } from "./store.js";
import { openTheme } from "./theme.js";
import { openUploads } from "./upload.js";
import { summary } from "./words.js";

const TRANSCRIPT_SOON_MS = 400;

let waitingEvents = [];
let isLoaded = false;
let loads = 0;
let transcriptTimer = null;

function announce(message) {
  if (message.chat_id !== store.open || message.from?.id === store.me) return;
  byId("announcer").textContent = `${message.from?.name ?? ""}: ${summary(message)}`;
}

function take(event) {
  const fresh = takeEvent(event);
  if (fresh) announce(fresh);
}

function readTranscriptSoon() {
  clearTimeout(transcriptTimer);
  transcriptTimer = setTimeout(refreshDeveloper, TRANSCRIPT_SOON_MS);
}

async function loadEverything() {
  loads += 1;
  const mine = loads;
  isLoaded = false;
  try {
    const state = await api.loadState();
    if (mine !== loads) return;
    loadAll(state);
    isLoaded = true;
    const events = waitingEvents;
    waitingEvents = [];
    events.forEach(take);
    setConnected(true);
    if (mine > 1) resetDeveloper();
    readTranscriptSoon();
  } catch {
    setTimeout(() => mine === loads && loadEverything(), 1000);
  }
}

function drawTitle() {
  const unread = [...store.unread].reduce(
    (sum, [key, number]) => sum + (key.startsWith(`${store.me}:`) ? number : 0),
    0,
  );
  const me = store.people.get(store.me)?.first_name;
  const chat = store.chats.get(store.open);
  document.title = `${unread ? `(${unread}) ` : ""}${chat ? titleOf(chat) : "Chats"}${me ? ` · ${me}` : ""}`;
}

function draw() {
  if (!store.ready) return;
  drawPeople();
  drawChatList();
  drawConversation();
  drawComposer();
  drawTitle();
}

openDeveloper();
openTheme();
openChatList();
openUploads();
openConversation({ command: send });
onChange(draw);
addEventListener("hashchange", readPlace);
matchMedia("(min-width: 800px)").addEventListener("change", readPlace);
document.addEventListener("visibilitychange", () => {
  markRead();
  changed();
});
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  (document.querySelector("#message-field, .big-button") ?? byId("chat-list").querySelector("a"))?.focus();
});
listen({
  onOpen: loadEverything,
  onEvent: (event) => {
    readTranscriptSoon();
    if (isLoaded) take(event);
    else waitingEvents.push(event);
  },
  onLost: () => setConnected(false),
});
