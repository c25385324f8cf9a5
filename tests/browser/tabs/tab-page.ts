import { createTabWireClient } from '@everywire/client/tabs';

// A page whose client shares its connection with those of other tabs. The tests call these functions.
declare global {
  interface Window {
    /** The messages received, in order, and the longest time between two. */
    readonly received: string[];
    readonly longestMs: number;
    measure(): void;
    start(group: string, worker: boolean): void;
    stop(): Promise<void>;
    say(text: string): void;
    /** The states of the connection, in order. */
    readonly states: string[];
  }
}

let wire: ReturnType<typeof createTabWireClient>;
/** When the last message arrived; 0 before the first that is measured. */
let last = 0;
let longestMs = 0;
Object.assign(window, { received: [], states: [] });
Object.defineProperty(window, 'longestMs', { get: () => longestMs });
window.measure = () => {
  last = 0;
  longestMs = 0;
};

window.start = (group, worker) => {
  wire = createTabWireClient(
    '/everywire',
    worker ? { group, worker: (name) => new SharedWorker('/tab-worker.js', { name, type: 'module' }) } : { group },
    { storage: null },
  );
  wire.onmessage = ({ data }) => {
    const now = performance.now();
    if (last > 0) longestMs = Math.max(longestMs, now - last);
    last = now;
    window.received.push(data);
  };
  wire.addEventListener('statuschange', () => {
    const { status } = wire;
    window.states.push(status.state === 'open' ? status.transport : status.state);
  });
};
window.stop = () =>
  new Promise((done) => {
    wire.onclose = () => done();
    wire.close();
  });
window.say = (text) => void wire.send(text);
