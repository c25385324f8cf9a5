import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckoutCopy, copyCheckout, root } from './checkout-copy.js';

/** A file that breaks a rule of the repository. A step of `npm run check` must report it. */
interface Offence {
  /** The step that must fail. */
  readonly step: string;
  readonly what: string;
  /** Path and content of the file. */
  readonly file: string;
  readonly text: string;
  /** Matches the expected output, so that the step fails for the seeded reason and no other. */
  readonly says: RegExp;
}

/** Returns a source text with this many lines. */
const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `export const line${index} = ${index};`).join('\n');

const offences: readonly Offence[] = [
  {
    step: 'types',
    what: 'a value of the wrong type',
    file: 'packages/protocol/src/offence.ts',
    text: "export const seconds: number = 'ten';\n",
    says: /offence\.ts.*TS2322/,
  },
  {
    step: 'biome',
    what: 'an explicit any',
    file: 'packages/protocol/src/offence.ts',
    text: 'export const anything = (value: any): unknown => value;\n',
    says: /noExplicitAny/,
  },
  {
    step: 'layers',
    what: 'the protocol importing the server',
    file: 'packages/protocol/src/offence.ts',
    text: "export type { Broker } from '../../server/src/broker.js';\n",
    says: /protocol-imports-down: packages\/protocol\/src\/offence\.ts/,
  },
  {
    step: 'layers',
    what: 'a core importing a builtin',
    file: 'packages/chat/src/offence.ts',
    text: "export { readFileSync } from 'node:fs';\n",
    says: /cores-import-nothing: packages\/chat\/src\/offence\.ts/,
  },
  {
    step: 'layers',
    what: 'a package naming a concrete adapter',
    file: 'packages/chat-server/src/offence.ts',
    text: "export type * from '../../store-sqlite/src/index.js';\n",
    says: /adapters-are-named-by-the-app: packages\/chat-server\/src\/offence\.ts/,
  },
  {
    step: 'biome',
    what: 'the page importing the server',
    file: 'apps/web/src/offence.ts',
    text: "export type { WireServer } from '@everywire/server';\n",
    says: /apps\/web\/src\/offence\.ts.*noRestrictedImports/,
  },
  {
    step: 'purity',
    what: 'a core reading the clock',
    file: 'packages/chat/src/offence.ts',
    text: 'export const now = (): number => Date.now();\n',
    says: /packages\/chat\/src\/offence\.ts:1: a core may not use Date/,
  },
  {
    step: 'streams',
    what: 'a stream that may wrap another one',
    file: 'packages/chat-server/src/offence.ts',
    text: "import { Readable } from 'node:stream';\nexport const body = (file: Readable): Readable => Readable.from(file);\n",
    says: /packages\/chat-server\/src\/offence\.ts:2: Readable\.from may be given a stream/,
  },
  {
    step: 'matrix',
    what: 'a test that goes through every transport outside the home of that axis',
    file: 'tests/tls/offence.test.ts',
    text: `export const names = [${'websocket tcp event-stream long-poll short-poll'.split(' ').map((name) => `'${name}'`)}];\n`,
    says: /tests\/tls\/offence\.test\.ts:1: goes through 5 values of the axis transport/,
  },
  {
    step: 'knip',
    what: 'an unused file',
    file: 'packages/server/src/offence.ts',
    text: 'export const unused = 1;\n',
    says: /Unused files[\s\S]*packages\/server\/src\/offence\.ts/,
  },
  {
    step: 'length',
    what: 'a file of 301 lines without a reason',
    file: 'packages/server/src/offence.ts',
    text: `${lines(301)}\n`,
    says: /offence\.ts: 301 lines, at most 300/,
  },
  {
    step: 'length',
    what: 'a file of 501 lines with a reason',
    file: 'packages/server/src/offence.ts',
    text: `// Over 300 lines: a table.\n${lines(500)}\n`,
    says: /offence\.ts: 501 lines, at most 500/,
  },
  {
    step: 'constants',
    what: 'a constant in lower case',
    file: 'packages/server/src/offence.ts',
    text: "export const waitMs = 5_000;\nexport const path: string = '/';\n",
    says: /offence\.ts: the constant waitMs[\s\S]*offence\.ts: the constant path/,
  },
  {
    step: 'words',
    what: 'prose in the old dialect of the project',
    file: 'docs/offence.md',
    text: 'It is told anew.\n'.repeat(300),
    says: /docs\/offence\.md/,
  },
  {
    step: 'documents',
    what: 'a document naming a path that does not exist',
    file: 'docs/offence.md',
    text: 'See `packages/nowhere/src/index.ts`.\n',
    says: /docs\/offence\.md names packages\/nowhere\/src\/index\.ts/,
  },
  {
    step: 'documents',
    what: 'a link to a heading that does not exist',
    file: 'docs/offence.md',
    text: '# A page\n\n## Two words\n\n[there](#two-words), [nowhere](guides/doctor.md#nowhere)\n',
    says: /docs\/offence\.md links to docs\/guides\/doctor\.md#nowhere, which does not exist/,
  },
  {
    step: 'documents',
    what: 'a guide with an example that no test runs',
    file: 'docs/guides/offence.md',
    text: '```sh\neverywire fly\n```\n',
    says: /docs\/guides\/offence\.md has examples that no test runs/,
  },
  {
    step: 'rules',
    what: 'a rule that no test names',
    file: 'docs/spec/offence.md',
    text: '- **SN-999** No test covers this.\n',
    says: /docs\/spec\/offence\.md: no test names SN-999/,
  },
  {
    step: 'rules',
    what: 'a test that names a rule that does not exist',
    file: 'packages/server/src/offence.test.ts',
    // The bracket is inserted, so that this file itself does not name the rule.
    text: `it('${'['}SN-998] holds something', () => {});\n`,
    says: /packages\/server\/src\/offence\.test\.ts names SN-998, which is not a rule/,
  },
  {
    step: 'rules',
    what: 'a rule of the wire without a conformance check',
    file: 'docs/spec/offence.md',
    text: '- **TR-999** Something visible.\n',
    says: /docs\/spec\/offence\.md: TR-999 has neither a conformance check nor a reason/,
  },
  {
    step: 'rules',
    what: 'a rule that is defined twice',
    file: 'docs/spec/offence.md',
    text: '- **SN-1** Something else.\n',
    says: /defines SN-1, as docs\/spec\//,
  },
  {
    step: 'rules',
    what: 'a part that no test names',
    file: 'docs/spec/offence.md',
    text: '- **SN-999 Title.**\n  - **SN-999.1** When no test covers this, the check fails.\n',
    says: /docs\/spec\/offence\.md: no test names SN-999\.1/,
  },
  {
    step: 'rules',
    what: 'a rule of 41 words without parts',
    file: 'docs/spec/offence.md',
    text: `- **SN-999** ${'word '.repeat(20)}\n  ${'`code` '.repeat(21)}\n`,
    says: /docs\/spec\/offence\.md: SN-999 has 41 words, at most 40/,
  },
  {
    step: 'rules',
    what: 'a part of 41 words, not counting its rationale',
    file: 'docs/spec/offence.md',
    text: `- **SN-999 Title.**\n  - **SN-999.1** ${'word '.repeat(41)}\n\n  > Why: ${'word '.repeat(41)}\n`,
    says: /docs\/spec\/offence\.md: SN-999\.1 has 41 words, at most 40/,
  },
  {
    step: 'rules',
    what: 'a part of three sentences',
    file: 'docs/spec/offence.md',
    text: '- **SN-999 Title.**\n  - **SN-999.1** When one. Then two. Then three.\n',
    says: /docs\/spec\/offence\.md: SN-999\.1 has 3 sentences, at most 2/,
  },
  {
    step: 'rules',
    what: 'a number that comes after a higher one',
    file: 'docs/spec/offence.md',
    text: '- **SN-999 Title.**\n  - **SN-999.2** One.\n  - **SN-999.1** Two.\n',
    says: /docs\/spec\/offence\.md: SN-999\.1 comes after SN-999\.2/,
  },
  {
    step: 'rules',
    what: 'an item of a rule without a number',
    file: 'docs/spec/offence.md',
    text: '- **SN-999 Title.**\n  - **SN-999.1** One.\n  - Two.\n',
    says: /docs\/spec\/offence\.md: an item of SN-999 has no number: - Two\./,
  },
  {
    step: 'rules',
    what: 'a test that names a rule instead of the part that it covers',
    file: 'packages/server/src/offence.test.ts',
    text: `it('${'['}SN-18] holds something', () => {});\n`,
    says: /packages\/server\/src\/offence\.test\.ts names SN-18, which has parts/,
  },
  {
    step: 'rules',
    what: 'a mention of a part that does not exist',
    file: 'docs/spec/offence.md',
    text: 'As of SN-18.99.\n',
    says: /docs\/spec\/offence\.md mentions SN-18\.99, which is not a rule/,
  },
];

/**
 * Steps with a tool that reads the whole tree, which takes seconds. `npm test` runs these tools as part of `npm run
 * check`.
 */
const slowSteps = ['types', 'biome', 'layers', 'knip'];

describe('npm run check refuses', () => {
  let copy: CheckoutCopy;
  beforeAll(() => {
    copy = copyCheckout();
  }, 60_000);
  afterAll(() => copy.delete());

  for (const { step, what, file, text, says } of offences) {
    it(`${step}: ${what}`, { timeout: 120_000, tags: slowSteps.includes(step) ? ['wide'] : [] }, () => {
      copy.write(file, text);
      const { failed, output } = copy.check(step);
      copy.remove(file);
      expect(output).toMatch(says);
      expect(failed).toBe(true);
    });
  }

  it('[pain 19] size: a client that exceeds its limit', { timeout: 120_000, tags: ['wide'] }, () => {
    const limits = readFileSync(join(root, '.size-limit.cjs'), 'utf8');
    copy.write('.size-limit.cjs', limits.replaceAll(/limit: '[^']+'/g, "limit: '100 B'"));
    const { failed, output } = copy.check('size');
    copy.write('.size-limit.cjs', limits);
    expect(output).toMatch(/exceeded/i);
    expect(failed).toBe(true);
  });

  it('features: a row that names a test that does not exist', () => {
    const table = readFileSync(join(root, 'docs/features.md'), 'utf8');
    copy.write('docs/features.md', `${table}| It flies | \`tests/flight.test.ts\` | \`README.md\` |\n`);
    const { failed, output } = copy.check('features');
    copy.write('docs/features.md', table);
    expect(output).toMatch(/It flies: the test tests\/flight\.test\.ts does not exist/);
    expect(failed).toBe(true);
  });

  it('features: a row that names a rule that does not exist', () => {
    const table = readFileSync(join(root, 'docs/features.md'), 'utf8');
    copy.write('docs/features.md', `${table}| It dives | \`CH-1\`, \`SN-18.99\` | \`README.md\` |\n`);
    const { failed, output } = copy.check('features');
    copy.write('docs/features.md', table);
    expect(output).toMatch(/It dives: the test SN-18\.99 is not a rule of docs\/spec/);
    expect(failed).toBe(true);
  });
});
