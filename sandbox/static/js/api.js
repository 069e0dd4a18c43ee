/**
 * Speaks to the sandbox over HTTP. Knows the paths and the shapes, keeps nothing.
 */

/** What the server refused, in its own words. */
export class Refused extends Error {}

function asRequest(body) {
  if (body === undefined) return {};
  if (body instanceof FormData) return { method: "POST", body };
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

async function call(path, body, method) {
  let response;
  try {
    response = await fetch(path, method ? { method } : asRequest(body));
  } catch {
    throw new Refused("The sandbox cannot be reached.");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok)
    throw new Refused(answer?.error ?? answer?.description ?? `The sandbox answered ${response.status}.`);
  return answer;
}

export const loadState = () => call("/api/state");
export const loadTranscript = (after) => call(`/api/transcript?after=${after}`);
export const loadEntry = (number) => call(`/api/transcript/${number}`);
export const addPerson = (firstName, languageCode) =>
  call("/api/people", { first_name: firstName, language_code: languageCode });
export const addGroup = (title, members) => call("/api/groups", { title, members });
export const blockBot = (chat, person, blocked) => call(`/api/chats/${chat}/block`, { person, blocked });
export const press = (chat, message, person, data) =>
  call(`/api/chats/${chat}/messages/${message}/press`, { person, data });
export const edit = (chat, message, person, text) =>
  call(`/api/chats/${chat}/messages/${message}/edit`, { person, text });
export const react = (chat, message, person, emojis) =>
  call(`/api/chats/${chat}/messages/${message}/react`, { person, emojis });
export const vote = (chat, message, person, options) =>
  call(`/api/chats/${chat}/messages/${message}/vote`, { person, options });
export const setMember = (chat, person, member, status) =>
  call(`/api/chats/${chat}/members`, { person, member, status });
export const migrate = (chat, person) => call(`/api/chats/${chat}/migrate`, { person });
export const inviteGuests = (chat, person, count) => call(`/api/chats/${chat}/guests`, { person, count });
export const sendGuestsHome = (chat) => call(`/api/chats/${chat}/guests`, undefined, "DELETE");
export const loadFaults = () => call("/api/faults");
export const addFault = (fault) => call("/api/faults", fault);
export const removeFault = (id) => call(`/api/faults/${id}`, undefined, "DELETE");
export const loadClock = () => call("/api/clock");
export const advanceClock = (seconds) => call("/api/clock", { advance_s: seconds });
export const setBot = (switches) => call("/api/bot", switches);
export const fileAddress = (fileId) => `/api/files/${encodeURIComponent(fileId)}`;

export function say(chat, person, text, replyTo) {
  const body = { person, text };
  if (replyTo) body.reply_to = replyTo;
  return call(`/api/chats/${chat}/messages`, body);
}

/** Send files as one message or album: `kind` is `photo` or `document`. */
export function upload(chat, person, files, { kind, caption, replyTo }) {
  const form = new FormData();
  form.append("person", person);
  form.append("kind", kind);
  if (caption) form.append("caption", caption);
  if (replyTo) form.append("reply_to", replyTo);
  for (const file of files) form.append("file", file, file.name);
  return call(`/api/chats/${chat}/uploads`, form);
}
