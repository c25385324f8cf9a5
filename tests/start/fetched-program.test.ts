import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ToyCheckout, type ToyRun } from './toy-checkout.js';

// A fetched program is one that the start downloads as a package, such as a Node in another version.

let checkout: ToyCheckout;
beforeEach(() => {
  checkout = new ToyCheckout();
});
afterEach(() => checkout.delete());

const folder = '.cache/programs/toy-1.2.3';
/** The complete program. It prints its version. */
const whole = '#!/bin/sh\necho v1.2.3\n';

describe('a downloaded program', () => {
  const install = (program: string): ToyRun =>
    checkout.run(
      [
        '-e',
        `import('./scripts/install-program.mjs')
          .then(({ installProgram }) => installProgram({ name: 'toy', version: '1.2.3', integrity: 'sha512-toy' }, 'bin/toy', console.log))
          .then(console.log, (error) => console.log('refused:', error.message))`,
      ],
      { TOY_PROGRAM: program },
    );

  it('is deleted if it does not run, and downloaded again by the next start', async () => {
    const cut = install('#!/bin/sh\nkill -SEGV $$\n');
    await cut.ended;
    expect(cut.output).toMatch(/^refused: \S+\/toy does not run on this machine: terminated by SIGSEGV$/m);
    expect(checkout.has(folder)).toBe(false);
    const again = install(whole);
    await again.ended;
    expect(again.output).toContain(join(checkout.path, folder, 'node_modules/toy/bin/toy'));
  });

  it('replaces an interrupted download', async () => {
    checkout.makeFolder(`${folder}/node_modules/toy`);
    checkout.makeFolder('.cache/programs/.installing-killed');
    const run = install(whole);
    await run.ended;
    expect(checkout.read(`${folder}/node_modules/toy/bin/toy`)).toBe(whole);
    expect(checkout.has('.cache/programs/.installing-killed')).toBe(false);
  });

  it('is downloaded once by two simultaneous starts', async () => {
    const runs = [install(whole), install(whole)];
    await Promise.all(runs.map(({ ended }) => ended));
    for (const { output } of runs) expect(output).toContain(join(checkout.path, folder));
    expect(checkout.read('.cache/programs/fetched.log')).toBe('toy 1.2.3 sha512-toy\n');
  });
});

describe('a start on another Node', () => {
  async function startOn(text: string): Promise<{ readonly status: number | null; readonly output: string }> {
    checkout.write('node/node_modules/x/bin/node', text);
    const node = join(checkout.path, 'node/node_modules/x/bin/node');
    chmodSync(node, 0o755);
    const run = checkout.run([
      '-e',
      `import('./scripts/choose-node.mjs').then(({ startOn }) => startOn(${JSON.stringify(node)}))`,
    ]);
    return { status: (await run.ended).status, output: run.output };
  }

  it('reports the signal that terminated it, and the folder to delete', async () => {
    const { status, output } = await startOn('#!/bin/sh\nkill -SEGV $$\n');
    expect(status).toBe(128 + 11);
    expect(output).toMatch(
      /^everywire: \S+\/node was terminated by SIGSEGV\. .* delete \S+\/checkout\/node and start again/,
    );
  });

  it('reports in one line that the Node cannot be started', async () => {
    const { status, output } = await startOn('#!/nowhere/sh\n');
    expect(status).toBe(1);
    expect(output).toMatch(/^everywire: \S+\/node could not be started \(ENOENT\)\. .*\n$/);
  });

  it('exits with the same code', async () => {
    expect(await startOn('#!/bin/sh\nexit 7\n')).toEqual({ status: 7, output: '' });
  });
});
