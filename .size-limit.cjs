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
    limit: '6 kB',
    // As a page loads it; in a script of the old kind esbuild would add 160 bytes to stand in for `require`.
    modifyEsbuildConfig: (config) => ({ ...config, format: 'esm' }),
  },
];
