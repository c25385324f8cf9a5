/**
 * Every system, by the name it has in `--systems` and in the results: its `title`; of ours the only `transport` it may
 * use, or `null` for the free choice; and `load()`, which gives its adapter:
 *
 * - `packages` whose versions are listed with the results.
 * - `startServer({ onMessage })`, which resolves to `{ port, push(number) }`: publishes a number to every client in
 *   the way its
 *   documentation recommends; `onMessage(number)` stands where the application's handler would.
 * - `connect(url, { onMessage, onConnect, onDisconnect })`, which gives `{ send(number), waiting?(), notes?() }`.
 *   Connecting again is
 *   the adapter's matter where the library leaves it to the application. `send` may be called at any time.
 */
const everywire = (transport) => ({
  title: `Everywire, ${transport ?? 'free choice'}`,
  transport,
  load: async () => (await import('./everywire.mjs')).everywire(transport),
});
const socketIo = (title, options) => ({ title, load: async () => (await import('./socket-io.mjs')).socketIo(options) });
const sockJs = (title, transports) => ({ title, load: async () => (await import('./sockjs.mjs')).sockJs(transports) });

export const systems = {
  everywire: everywire(null),
  'everywire-websocket': everywire('websocket'),
  'everywire-fetch-stream': everywire('fetch-stream'),
  'everywire-event-stream': everywire('event-stream'),
  'everywire-long-poll': everywire('long-poll'),
  ws: { title: 'ws, naive reconnect', load: async () => (await import('./ws.mjs')).naiveWebSocket },
  'socket.io': socketIo('Socket.IO, default'),
  // As its pages on delivery guarantees and connection state recovery advise, with the values of the tutorial.
  'socket.io-recovery': socketIo('Socket.IO, recovery and retries', {
    server: { connectionStateRecovery: { maxDisconnectionDuration: 120_000, skipMiddlewares: true } },
    client: { ackTimeout: 10_000, retries: 3 },
  }),
  'socket.io-polling': socketIo('Socket.IO, polling only', { client: { transports: ['polling'] } }),
  sockjs: sockJs('SockJS, default'),
  'sockjs-websocket': sockJs('SockJS, websocket only', ['websocket']),
  'sockjs-xhr-streaming': sockJs('SockJS, xhr-streaming only', ['xhr-streaming']),
  'sockjs-xhr-polling': sockJs('SockJS, xhr-polling only', ['xhr-polling']),
};
