/**
 * The suites of all lanes.
 *
 * A `vitest` suite names test paths. `npm test` omits the tests with the tag `wide` (vitest.config.ts) and
 * suites that are `wide` as a whole; `npm run test:all` runs them too. A `node` suite is one program,
 * which passes or fails.
 *
 * `reads` names the files and folders that a suite depends on. `npm test -- --changed` skips a suite that passed with
 * their present content.
 *
 * `seconds` is the budget in `[npm test, test:all, test:long]`, on two idle cores, next to the other suites. `cores` is
 * the number of cores that a suite keeps busy: suites run in parallel until all cores of the machine are used. The test
 * files of a suite share one process.
 *
 * A suite with `env` runs with these variables.
 *
 * A `deterministic` suite uses fixed seeds and a virtual clock, or only reads files: its failures are never retried.
 */
import { readdirSync } from 'node:fs';

/** The index of each lane's budget in `seconds`. */
export const lanes = { quick: 0, all: 1, long: 2 };

/** The budget of each lane in seconds, on two idle cores, without installing. */
export const laneBudget = { quick: 600, all: 3_600, long: 21_600 };

const socketTests = ['order', 'hostile', 'fuzz', 'websocket', 'pipelining'].map(
  (name) => `tests/server/${name}.test.ts`,
);

const pageTests = ['apps/web', 'packages/chat-react'];
/** Tests that need a database or message server, which the quick lane does not install. */
const databaseTests = ['packages/store-postgres', 'packages/broker-postgres', 'packages/broker-nats'];
const unitTests = ['packages', 'apps']
  .flatMap((folder) => readdirSync(new URL(`../../${folder}`, import.meta.url)).map((name) => `${folder}/${name}`))
  .filter((path) => !pageTests.includes(path) && !databaseTests.includes(path));

const wirePackages = [
  'protocol',
  'server',
  'client',
  'testkit',
  'broker-memory',
  'broker-broadcast',
  'gateway-sockjs',
  'gateway-socketio',
].map((name) => `packages/${name}`);
const chatRooms = ['packages', 'apps/everywire'];

export const suites = [
  {
    name: 'check',
    node: ['scripts/check.mjs'],
    reads: ['.'],
    deterministic: true,
    cores: 1.5,
    seconds: [60, 60, 120],
  },
  {
    name: 'unit',
    vitest: unitTests,
    reads: ['packages', 'apps', 'docs', 'tests'],
    cores: 0.9,
    seconds: [210, 240, 480],
  },
  {
    name: 'databases',
    vitest: databaseTests,
    reads: ['packages'],
    wide: true,
    cores: 1,
    seconds: [200, 320, 900],
  },
  {
    name: 'wire',
    vitest: ['server', 'client', 'transports', 'tls', 'gateways'].map((name) => `tests/${name}`),
    reads: [...chatRooms, 'tests', 'bench'],
    cores: 0.5,
    seconds: [210, 700, 4_000],
  },
  // The same tests with Node's public API only. By default, plain sockets bypass their streams.
  {
    name: 'wire-public',
    vitest: socketTests,
    env: { EVERYWIRE_SOCKETS: 'public' },
    reads: [...wirePackages, 'tests/server'],
    wide: true,
    cores: 0.5,
    seconds: [30, 30, 60],
  },
  {
    name: 'conformance',
    vitest: ['tests/conformance', 'tests/hostile'],
    reads: [...chatRooms, 'docs/spec', 'tests'],
    cores: 0.6,
    seconds: [110, 240, 380],
  },
  {
    name: 'simulate',
    vitest: ['tests/simulation/session', 'tests/simulation/model'],
    reads: [...wirePackages, 'tests/simulation', 'scripts'],
    deterministic: true,
    cores: 1,
    seconds: [50, 270, 9_000],
  },
  {
    name: 'simulate-chat',
    vitest: ['tests/simulation/chat'],
    reads: ['packages', 'tests/simulation', 'scripts'],
    deterministic: true,
    cores: 1,
    seconds: [60, 220, 4_500],
  },
  {
    name: 'chat',
    vitest: ['tests/chat-server', 'tests/cluster', 'tests/terminal', 'tests/guides'],
    reads: ['packages', 'apps', 'docs', 'tests', 'bench', 'README.md'],
    cores: 0.8,
    seconds: [180, 270, 540],
  },
  {
    name: 'page',
    vitest: [...pageTests, 'tests/browser/page', 'tests/browser/talk'],
    reads: ['packages', 'apps', 'tests'],
    cores: 0.8,
    seconds: [240, 800, 1_260],
  },
  {
    name: 'browser',
    vitest: [
      ...['transports', 'engines', 'raw', 'lifecycle', 'flash', 'classic', 'lab', 'tabs', 'gateways'].map(
        (name) => `tests/browser/${name}`,
      ),
      'tests/legacy',
    ],
    reads: ['packages', 'apps', 'docs', 'tests', 'scripts/legacy'],
    cores: 0.6,
    seconds: [130, 750, 1_500],
  },
  {
    name: 'paths',
    vitest: ['tests/proxies', 'tests/reverse-proxies', 'tests/node-versions', 'tests/environments'],
    reads: ['packages', 'apps', 'docs/guides', 'tests', 'scripts'],
    cores: 0.4,
    seconds: [60, 300, 2_900],
  },
  {
    name: 'durability',
    vitest: ['tests/durability'],
    reads: [...chatRooms, 'tests'],
    cores: 0.6,
    seconds: [60, 240, 2_400],
  },
  {
    name: 'release',
    vitest: ['tests/start', 'tests/install', 'tests/house'],
    reads: ['.'],
    cores: 1,
    seconds: [150, 510, 930],
  },
];
