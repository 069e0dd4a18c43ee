/**
 * Speaks to the sandbox over HTTP. Knows the paths and the shapes, keeps nothing.
 */

/** What the server refused, in its own words. */
export class Refused extends Error {}

async function call(path, body) {
  let response;
  try {
    response = await fetch(
      path,
      body === undefined
        ? {}
        : {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify(body),
          },
    );
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
export const fileAddress = (fileId) => `/api/files/${encodeURIComponent(fileId)}`;

export function say(chat, person, text, replyTo) {
  const body = { person, text };
  if (replyTo) body.reply_to = replyTo;
  return call(`/api/chats/${chat}/messages`, body);
}
