const modern = [
  'fetch-stream',
  'event-stream',
  'multipart-stream',
  'xhr-stream',
  'iframe-stream',
  'long-poll',
  'jsonp-poll',
  'short-poll',
];

/** What is imported in the middle of a program is fetched when it is wanted, and does not count. */
const withoutLater = {
  name: 'without-later',
  setup: (build) =>
    build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : null,
    ),
};

const ofThePage = (config) => ({
  ...config,
  format: 'esm',
  conditions: ['source'],
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.css': 'empty' },
  // As in apps/web/vite.config.ts.
  alias: { entities: './apps/web/src/pane/decode-entities.ts' },
  plugins: [...(config.plugins ?? []), withoutLater],
});

/** What a page loads at first: the session on its first WebSocket. Everything behind an `import()` comes later. */
module.exports = [
  {
    name: 'client core with WebSocket',
    path: 'packages/client/dist/index.js',
    import: '{ createWireClient }',
    ignore: [
      './transports/fetch-stream.js',
      './transports/event-stream.js',
      './transports/long-poll.js',
      './transports/fallback.js',
    ],
    gzip: true,
    // Of it 15 bytes are what the server holds of a message in parts, which its counts state, 20 are `terminate`, without which a session cannot be given up, 20 the side that an error states, and 180 listeners of its own, so that no error of one ends a process and none is called twice.
    limit: '6.6 kB',
    // As a page loads it; in a script of the old kind esbuild would add 160 bytes to stand in for `require`.
    modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }),
  },
  {
    // One connection for all tabs: at most 3 kB beside the core. Taking turns with requests that are held took 0.7 kB of it.
    name: 'client core with one connection for all tabs',
    path: 'packages/client/dist/tabs/index.js',
    import: '{ createTabWireClient }',
    ignore: ['./transports/fallback.js', '../transports/fallback.js'],
    gzip: true,
    limit: '9.3 kB',
    modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }),
  },
  {
    name: 'every transport of a browser of today but the WebSocket, together',
    path: modern.map((name) => `packages/client/dist/transports/${name}.js`),
    gzip: true,
    limit: '9 kB',
    // One file of them all, so that what they share counts once.
    modifyEsbuildConfig: ({ entryPoints, ...config }) => ({
      ...config,
      format: 'esm',
      stdin: {
        contents: modern
          .map((name, at) => `export * as t${at} from './packages/client/dist/transports/${name}.js';`)
          .join(''),
        resolveDir: __dirname,
      },
    }),
  },
  {
    // As a page loads it at first. With every other way, which are fetched when they are needed, it is 49 kB, with uploads 65 kB.
    name: 'chat SDK with WebSocket',
    path: 'packages/chat-client/dist/index.js',
    import: '*',
    ignore: ['./transports/fallback.js', 'tus-js-client'],
    gzip: true,
    limit: '40 kB',
    modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }),
  },
  {
    // Nothing of the SDK runs when it is imported, so a bundler drops what is not named.
    name: 'of the chat SDK one function alone',
    path: 'packages/chat-client/dist/index.js',
    import: '{ formatInviteLink }',
    gzip: true,
    limit: '500 B',
    modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }),
  },
  {
    // The scripts alone; tests/browser/talk/page-weight.test.ts limits the sum on the wire, with headers and in Brotli.
    // Of it React is about 60 kB and the SDK 30 kB. The page of a followed link signs in too, and keeps the link over a reload.
    // Naming the invitation that waits, signing out in all tabs and asking before a reload took 0.3 kB, spaces next to Chinese names as much; one connection for all tabs 2 kB, and taking turns where there is no WebSocket 0.7 kB.
    name: 'what the page loads at first',
    path: 'apps/web/src/main.tsx',
    gzip: true,
    limit: '137.9 kB',
    modifyEsbuildConfig: ofThePage,
  },
  {
    // Whoever is signed in fetches both at once. Markdown is 22 kB of it; menus, dialogs, settings and the rest come when the browser is idle.
    // Isolating names in 86 texts took 0.2 kB.
    name: 'what the page loads until it shows conversations',
    path: 'apps/web/src/main.tsx',
    gzip: true,
    limit: '222.9 kB',
    // One file of both, so that what they share counts once.
    modifyEsbuildConfig: ({ entryPoints, ...config }) => ({
      ...ofThePage(config),
      stdin: {
        contents: ['mount', 'server-backend', 'chat']
          .map((name) => `export * from './apps/web/src/app/${name}';`)
          .join(''),
        resolveDir: __dirname,
      },
    }),
  },
];
