/**
 * Listens to the sandbox's events and keeps the line open. Knows nothing of what the events mean.
 *
 * A browser opens six connections to one server and no more, for all its windows together, and each line would hold
 * one for good. So one window holds the line and tells the others; when it is closed, another takes over.
 */

const NAME = "chat-page:events";
const LONGEST_WAIT_MS = 8000;

/** Hold a line to the server; `tell` gets `{kind: "open" | "event" | "lost", event}`. */
function hold(tell) {
  let waitMs = 500;

  const connect = () => {
    const source = new EventSource("/api/events");
    source.onopen = () => {
      waitMs = 500;
      tell({ kind: "open" });
    };
    source.onmessage = (message) => tell({ kind: "event", event: JSON.parse(message.data) });
    source.onerror = () => {
      tell({ kind: "lost" });
      // The browser tries again by itself, except after an answer that was no event stream.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    };
  };
  connect();
}

/**
 * Listen until the page closes.
 *
 * `onOpen` runs at every (re)connection, before any event that follows it: load the whole state there, since what
 * happened while the line was cut is not told again.
 */
export function listen({ onOpen, onEvent, onLost }) {
  const hear = ({ kind, event }) => {
    if (kind === "open") onOpen();
    else if (kind === "event") onEvent(event);
    else onLost();
  };
  // Only an address that the browser trusts (this machine, or https) has locks; elsewhere each window holds a line.
  if (!navigator.locks) {
    hold(hear);
    return;
  }
  const others = new BroadcastChannel(NAME);
  others.onmessage = ({ data }) => hear(data);
  const lead = () => {
    hold((note) => {
      hear(note);
      others.postMessage(note);
    });
    return new Promise(() => {});
  };
  navigator.locks.request(NAME, { ifAvailable: true }, (lock) => {
    if (lock) return lead();
    onOpen();
    navigator.locks.request(NAME, lead);
    return null;
  });
}
