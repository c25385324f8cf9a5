/**
 * What the lanes run.
 *
 * A `vitest` suite names test paths. `npm test` leaves out the tests that carry the tag `wide` (vitest.config.ts), and suites that are
 * `wide` as a whole; `npm run test:all` runs them too. A `node` suite is one program, which passes or fails, with its arguments for each
 * lane; without `quick` it is not part of `npm test`.
 *
 * `seconds` is the budget in `[npm test, test:all, test:long]`, on two idle cores, next to the other suites. `cores` is how many cores a suite
 * keeps busy: suites run side by side until the machine's cores are taken. The test files of a suite share one process.
 *
 * A suite with a `nodeVersion` runs on that version, and one with `env` with these variables.
 *
 * A `deterministic` suite runs on fixed seeds and a virtual clock, or reads files alone: a failure is never run again.
 */
import { readdirSync } from 'node:fs';

const simulate = (kind, seeds, from) => [
  'scripts/run-built.mjs',
  `tests/simulation/${kind}/main.ts`,
  '--from',
  String(from),
  '--seeds',
  String(seeds),
];

/** The index of each lane's budget in `seconds`. */
export const lanes = { quick: 0, all: 1, long: 2 };

/** Seconds of a whole lane on two idle cores, without installing. */
export const laneBudget = { quick: 600, all: 3_600, long: 21_600 };

const socketTests = ['order', 'hostile', 'fuzz', 'websocket', 'pipelining'].map(
  (name) => `tests/server/${name}.test.ts`,
);

const pageTests = ['apps/web', 'packages/chat-react'];
const unitTests = ['packages', 'apps']
  .flatMap((folder) => readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`))
  .filter((path) => !pageTests.includes(path));

const hasSqlite = Number(process.versions.node.split('.')[0]) >= 24;
/** The driver of the store that the other suites leave out. What is compiled for a Node runs in that one alone. */
const otherDriver = hasSqlite
  ? { env: { EVERYWIRE_SQLITE: 'better-sqlite3' } }
  : { env: { EVERYWIRE_SQLITE: 'node' }, nodeVersion: '24' };
const driverTests = [
  'damage',
  'database',
  'copy-store.test.ts',
  'full-disk.test.ts',
  'kept-stores.test.ts',
  'open-store-file.test.ts',
]
  .concat(['restore-store.test.ts', 'sqlite-store.contract.test.ts', 'sqlite-store.test.ts'])
  .map((name) => `packages/store-sqlite/src/${name}`);

/** Without the test that runs both drivers by itself, and the compiled one on the Node of the machine alone. */
const durabilityTests = readdirSync(new URL('../../tests/durability', import.meta.url))
  .filter((name) => name.endsWith('.test.ts') && name !== 'store-kill.test.ts')
  .map((name) => `tests/durability/${name}`);

export const suites = [
  {
    name: 'check',
    node: { quick: ['scripts/check.mjs'], all: ['scripts/check.mjs'] },
    deterministic: true,
    cores: 1.5,
    seconds: [40, 40, 120],
  },
  { name: 'unit', vitest: unitTests, cores: 0.9, seconds: [180, 240, 480] },
  { name: 'store-driver', vitest: driverTests, ...otherDriver, cores: 0.9, seconds: [60, 90, 180] },
  {
    name: 'store-driver-kills',
    vitest: ['packages/store-sqlite', ...durabilityTests],
    ...otherDriver,
    wide: true,
    cores: 0.9,
    seconds: [90, 360, 3_000],
  },
  { name: 'page', vitest: pageTests, cores: 0.9, seconds: [30, 30, 60] },
  { name: 'server', vitest: ['tests/server'], cores: 0.5, seconds: [75, 75, 180] },
  // The same tests by Node's public API alone; by default plain sockets go past their streams.
  {
    name: 'server-public',
    vitest: socketTests,
    env: { EVERYWIRE_SOCKETS: 'public' },
    wide: true,
    cores: 0.5,
    seconds: [30, 30, 60],
  },
  { name: 'node-versions', node: { all: ['tests/node-versions/run.mjs'] }, cores: 0.6, seconds: [90, 90, 900] },
  { name: 'chat-server', vitest: ['tests/chat-server'], cores: 0.8, seconds: [120, 120, 240] },
  { name: 'hostile', vitest: ['tests/hostile'], cores: 0.4, seconds: [60, 120, 180] },
  { name: 'client', vitest: ['tests/client'], cores: 0.3, seconds: [30, 30, 60] },
  { name: 'conformance', vitest: ['tests/conformance'], cores: 0.8, seconds: [60, 120, 200] },
  { name: 'house', vitest: ['tests/house'], cores: 1, seconds: [30, 120, 150] },
  { name: 'start', vitest: ['tests/start'], cores: 1, seconds: [60, 240, 480] },
  { name: 'packages', vitest: ['tests/install'], cores: 1, seconds: [60, 150, 300] },
  {
    name: 'simulate',
    // The first 500 seeds are in simulate-mutants.
    node: { all: simulate('session', 2_000, 501), long: simulate('session', 1_000_000, 1) },
    deterministic: true,
    cores: 1.6,
    seconds: [60, 60, 7200],
  },
  { name: 'simulate-model', vitest: ['tests/simulation/model'], deterministic: true, cores: 1, seconds: [30, 60, 600] },
  {
    name: 'simulate-mutants',
    vitest: ['tests/simulation/session'],
    deterministic: true,
    cores: 1,
    seconds: [30, 150, 900],
  },
  {
    name: 'simulate-chat',
    node: { quick: simulate('chat', 500, 1), all: simulate('chat', 500, 1), long: simulate('chat', 20_000, 1) },
    deterministic: true,
    cores: 1,
    seconds: [40, 40, 3600],
  },
  {
    name: 'simulate-chat-mutants',
    vitest: ['tests/simulation/chat'],
    deterministic: true,
    cores: 1,
    seconds: [30, 180, 900],
  },
  { name: 'transports', vitest: ['tests/transports'], cores: 0.3, seconds: [40, 240, 1800] },
  { name: 'legacy', vitest: ['tests/legacy'], cores: 0.6, seconds: [60, 240, 300] },
  {
    name: 'drops',
    node: {
      all: ['bench/drops/run.mjs', '--quick'],
      long: ['bench/drops/run.mjs', '--ours', '--runs', '3'],
    },
    cores: 1,
    seconds: [150, 150, 1800],
  },
  { name: 'reverse-proxies', vitest: ['tests/reverse-proxies'], cores: 0.4, seconds: [30, 60, 180] },
  { name: 'durability', vitest: ['tests/durability'], cores: 0.6, seconds: [60, 240, 2400] },
  { name: 'browser-transports', vitest: ['tests/browser/transports'], cores: 0.6, seconds: [45, 300, 700] },
  { name: 'browser-engines', vitest: ['tests/browser/engines'], cores: 0.6, seconds: [30, 120, 200] },
  { name: 'browser-raw', vitest: ['tests/browser/raw'], cores: 0.6, seconds: [30, 30, 60] },
  { name: 'tls', vitest: ['tests/tls'], cores: 0.6, seconds: [30, 60, 120] },
  { name: 'proxies', vitest: ['tests/proxies'], cores: 0.4, seconds: [30, 150, 1800] },
  { name: 'browser-lifecycle', vitest: ['tests/browser/lifecycle'], cores: 0.5, seconds: [30, 60, 200] },
  { name: 'browser-page', vitest: ['tests/browser/page'], cores: 0.8, seconds: [120, 480, 600] },
  { name: 'browser-talk', vitest: ['tests/browser/talk'], cores: 0.8, seconds: [90, 300, 600] },
  { name: 'browser-flash', vitest: ['tests/browser/flash'], cores: 0.8, seconds: [40, 40, 120] },
  { name: 'terminal', vitest: ['tests/terminal'], cores: 0.3, seconds: [45, 60, 120] },
  { name: 'guides', vitest: ['tests/guides'], cores: 0.6, seconds: [30, 90, 180] },
];
