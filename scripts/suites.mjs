/**
 * What `npm test` and `npm run test:long` run, in order. A `vitest` suite names test paths; a `node` suite is one program that
 * passes or fails. `long` replaces what the suite is given in `test:long`.
 */
const simulate = (kind, seeds) => [
  'scripts/run-built.mjs',
  `tests/simulation/${kind}/main.ts`,
  '--seeds',
  String(seeds),
];

const socketTests = ['order', 'hostile', 'fuzz', 'websocket'].map((name) => `tests/server/${name}.test.ts`);

export const suites = [
  { name: 'check', node: ['scripts/check.mjs'] },
  { name: 'unit', vitest: ['packages', 'apps'] },
  { name: 'server', vitest: ['tests/server'] },
  // The same tests by Node's public API alone; by default plain sockets go past their streams.
  { name: 'server-public', vitest: socketTests, env: { EVERYWIRE_SOCKETS: 'public' } },
  { name: 'node-versions', node: ['tests/node-versions/run.mjs'] },
  { name: 'chat-server', vitest: ['tests/chat-server'] },
  { name: 'hostile', vitest: ['tests/hostile'] },
  { name: 'client', vitest: ['tests/client'] },
  { name: 'conformance', vitest: ['tests/conformance'] },
  { name: 'house', vitest: ['tests/house'] },
  { name: 'start', vitest: ['tests/start'] },
  { name: 'packages', vitest: ['tests/install'] },
  { name: 'simulate', node: simulate('session', 2_000), long: simulate('session', 1_000_000) },
  { name: 'simulate-model', vitest: ['tests/simulation/model'] },
  { name: 'simulate-mutants', vitest: ['tests/simulation/session'] },
  { name: 'simulate-chat', node: simulate('chat', 300), long: simulate('chat', 20_000) },
  { name: 'simulate-chat-mutants', vitest: ['tests/simulation/chat'] },
  { name: 'transports', vitest: ['tests/transports'] },
  { name: 'legacy', vitest: ['tests/legacy'] },
  { name: 'drops', node: ['bench/drops/run.mjs', '--quick'], long: ['bench/drops/run.mjs', '--ours', '--runs', '3'] },
  { name: 'reverse-proxies', vitest: ['tests/reverse-proxies'] },
  { name: 'durability', vitest: ['tests/durability'] },
  { name: 'browser-transports', vitest: ['tests/browser/transports'] },
  { name: 'browser-engines', vitest: ['tests/browser/engines'] },
  { name: 'browser-raw', vitest: ['tests/browser/raw'] },
  { name: 'tls', vitest: ['tests/tls'] },
  { name: 'proxies', vitest: ['tests/proxies'] },
  { name: 'browser-lifecycle', vitest: ['tests/browser/lifecycle'] },
  { name: 'browser-page', vitest: ['tests/browser/page'] },
  { name: 'browser-talk', vitest: ['tests/browser/talk'] },
  { name: 'browser-flash', vitest: ['tests/browser/flash'] },
  { name: 'terminal', vitest: ['tests/terminal'] },
  { name: 'guides', vitest: ['tests/guides'] },
];
