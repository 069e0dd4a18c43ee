/**
 * Listens to the sandbox's events and keeps the line open. Knows nothing of what the events mean.
 */

const LONGEST_WAIT_MS = 8000;

/**
 * Listen until the page closes.
 *
 * `onOpen` runs at every (re)connection, before any event of that connection: load the whole state there, since what
 * happened while the line was cut is not told again after the server itself was restarted.
 */
export function listen({ onOpen, onEvent, onLost }) {
  let waitMs = 500;

  const connect = () => {
    const source = new EventSource("/api/events");
    source.onopen = () => {
      waitMs = 500;
      onOpen();
    };
    source.onmessage = (event) => onEvent(JSON.parse(event.data));
    source.onerror = () => {
      onLost();
      // The browser tries again by itself, except after an answer that was no event stream.
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    };
  };
  connect();
}
