/**
 * The code that can be mutated, and the checks that can detect a mutant. A check is a test file of one of the `tests`
 * folders, or one of the `programs`, which exits with an error. `--wide` adds the slow suites under `wide`, the
 * programs, and the tests tagged `wide`, to examine survivors. Browser suites are omitted, because each mutant would
 * take minutes.
 */
import { relative } from 'node:path';
import { testFiles } from '../test/test-files.mjs';

const simulateSession = ['scripts/run-built.mjs', 'tests/simulation/session/main.ts', '--seeds', '300'];
const simulateChat = ['scripts/run-built.mjs', 'tests/simulation/chat/main.ts', '--seeds', '60'];

const areas = {
  'broker-broadcast': { tests: ['packages/broker-broadcast', 'tests/server', 'tests/cluster'] },
  'broker-memory': { tests: ['packages/broker-memory', 'tests/server'] },
  chat: {
    tests: ['packages/chat', 'packages/store-memory', 'packages/store-sqlite/src/search', 'tests/chat-server'],
    programs: [simulateChat],
    wide: ['packages/store-sqlite', 'packages/chat-client', 'packages/chat-server', 'tests/hostile', 'tests/guides'],
  },
  'chat-client': {
    tests: ['packages/chat-client', 'tests/chat-server'],
    programs: [simulateChat],
    wide: ['packages/chat-react', 'tests/terminal', 'tests/guides', 'tests/durability'],
  },
  'chat-react': { tests: ['packages/chat-react', 'apps/web'] },
  'chat-server': {
    tests: ['packages/chat-server', 'tests/chat-server'],
    programs: [simulateChat],
    wide: ['apps/everywire', 'tests/hostile', 'tests/guides', 'tests/tls', 'tests/durability'],
  },
  client: {
    tests: ['packages/client', 'tests/client', 'tests/server'],
    programs: [simulateSession],
    wide: ['tests/transports', 'tests/conformance', 'tests/tls'],
  },
  everywire: {
    folder: 'apps/everywire',
    tests: ['apps/everywire', 'tests/terminal'],
    wide: ['tests/guides', 'tests/durability'],
  },
  'files-directory': { tests: ['packages/files-directory', 'tests/chat-server', 'apps/everywire'] },
  markdown: { tests: ['packages/markdown', 'apps/web'] },
  protocol: {
    tests: ['packages/protocol', 'tests/server', 'packages/client', 'tests/simulation/session', 'tests/conformance'],
    programs: [simulateSession],
    wide: ['tests/transports', 'tests/hostile', 'tests/simulation/model'],
  },
  server: {
    tests: ['packages/server', 'tests/server', 'tests/client'],
    programs: [simulateSession],
    wide: [
      ...[
        'packages/broker-memory',
        'packages/broker-broadcast',
        'tests/chat-server',
        'tests/transports',
        'tests/conformance',
      ],
      ...['tests/hostile', 'tests/tls'],
    ],
  },
  'store-memory': { tests: ['packages/store-memory', 'tests/chat-server'] },
  'store-sqlite': {
    tests: ['packages/store-sqlite'],
    programs: [simulateChat],
    wide: ['apps/everywire', 'tests/chat-server', 'tests/durability'],
  },
  web: { folder: 'apps/web', tests: ['apps/web'], compile: ['-p', 'apps/web'] },
};

/** Tests that run mutants themselves or measure. They take minutes and verify tests, not code. */
const neverRun = /^tests\/simulation\/.*mutants\.test\.ts$/;

/** Files without behaviour (`index`, `internal`, texts), and files that are not shipped (tests and test kits). */
const neverMutated =
  /(\.test\.ts|\.d\.ts|\/test-[\w-]+\.ts|\/(index|internal)\.ts|\/test-kit\/.*|\/i18n\/(en|zh)(-\w+)?\.ts)$/;

/** Returns the area of that name with its defaults; `null` if there is none. */
export function areaOf(name, { wide = false } = {}) {
  const area = areas[name];
  if (!area) return null;
  const folder = area.folder ?? `packages/${name}`;
  return {
    name,
    folder,
    /** Arguments of `tsc` that check the types of the area, and build it if tests run the build output. */
    compile: area.compile ?? ['-b', folder],
    tests: [...area.tests, ...(wide ? (area.wide ?? []) : [])],
    programs: wide ? (area.programs ?? []).map((words) => words.join(' ')) : [],
    wide,
  };
}

export const areaNames = Object.keys(areas);

/** Returns whether the file, a path from the root, is mutated in the area. */
export function isMutated(path, area) {
  return path.startsWith(`${area.folder}/src/`) && path.endsWith('.ts') && !neverMutated.test(path);
}

/**
 * Returns the checks that can detect a mutant of the area, in the tree at `path`: test files as paths from the root,
 * then programs.
 */
export function checksOf(area, path) {
  const files = testFiles(path, area.tests, area.wide ? 'all' : 'quick').map((file) => relative(path, file));
  return [...files.filter((file) => !neverRun.test(file)).sort(), ...area.programs];
}
