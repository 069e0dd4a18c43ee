/**
 * Turns dates, names and sizes into words. Knows no state and no elements.
 */

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("en", { day: "numeric", month: "long" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });

export const clock = (unix) => CLOCK.format(new Date(unix * 1000));

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/** Name the day of a moment as a messenger's date line does: Today, Yesterday, or the date. */
export function day(unix, now = new Date()) {
  const date = new Date(unix * 1000);
  const daysAgo = Math.round((midnight(now) - midnight(date)) / 86_400_000);
  if (daysAgo === 0) return "Today";
  if (daysAgo === 1) return "Yesterday";
  return (date.getFullYear() === now.getFullYear() ? DAY : DAY_AND_YEAR).format(date);
}

export function initials(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("") || "?";
}

export function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const units = ["B", "KB", "MB", "GB"];
  let power = 0;
  let amount = bytes;
  while (amount >= 1024 && power < units.length - 1) {
    amount /= 1024;
    power += 1;
  }
  return `${power === 0 ? amount : amount.toFixed(1)} ${units[power]}`;
}

const ACTIONS = {
  typing: "typing",
  upload_photo: "sending a photo",
  upload_document: "sending a file",
  upload_video: "sending a video",
  record_video: "recording a video",
  upload_voice: "sending a voice message",
  record_voice: "recording a voice message",
  choose_sticker: "choosing a sticker",
  find_location: "sending a location",
};

export const actionWords = (action) => `${ACTIONS[action] ?? "typing"}…`;

export const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

/** Say in one line what a message holds, for the chat list, reply quotes and screen readers. */
export function summary(message, albumSize = 1) {
  const words = message.text || message.caption;
  if (message.service) return message.service;
  if (message.photo) {
    const what = albumSize > 1 ? "Album" : "Photo";
    return words ? `${what}: ${words}` : what;
  }
  if (message.poll) return `Poll: ${message.poll.question}`;
  if (message.document) return words || message.document.file_name || "File";
  return words || "";
}
