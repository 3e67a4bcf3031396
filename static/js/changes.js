/*
 * Tells elements when the database changed. The stream only says that something happened, so one serves all who listen
 * on a page. While the tab is hidden it is closed and nothing is asked: browsers allow six connections to a server, and
 * a class has many tabs.
 */
const listeners = new Map(); // address -> functions to call
const sources = new Map(); // address -> its EventSource

document.addEventListener("visibilitychange", () => {
  for (const address of listeners.keys()) document.hidden ? close(address) : open(address);
});

/* Call `look` now and then whenever something changed. Returns a function that ends it. */
export function whenChanged(address, look) {
  if (!listeners.has(address)) listeners.set(address, new Set());
  const others = listeners.get(address);
  others.add(look);
  if (sources.has(address)) look();
  else if (!document.hidden) open(address);
  return () => {
    others.delete(look);
    if (others.size) return;
    listeners.delete(address);
    close(address);
  };
}

function open(address) {
  if (sources.has(address)) return;
  const source = new EventSource(address);
  source.onmessage = () => listeners.get(address)?.forEach((look) => look());
  sources.set(address, source);
}

function close(address) {
  sources.get(address)?.close();
  sources.delete(address);
}

/*
 * Return a function that runs `ask` once at a time: who calls while it runs is answered by one more run. Between two
 * runs it rests four times as long as the last one took, so that a search that reads for a second takes a fifth of a
 * server's time at most, and a list that is there in five milliseconds is not kept waiting.
 */
export function oneAtATime(ask) {
  let running = false;
  let again = false;
  return async function run() {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      const start = performance.now();
      try {
        await ask();
      } catch {
        /* The server is gone. The EventSource comes back by itself, and then we look again. */
      }
      const took = performance.now() - start;
      await new Promise((rested) => setTimeout(rested, 4 * took));
    }
    running = false;
  };
}
