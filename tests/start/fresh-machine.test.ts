import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FreshCheckout } from './fresh-checkout.js';

/** Only a start that hangs takes this long, even on a slow or busy machine. */
const timeout = 1_200_000;

let checkout: FreshCheckout;

describe('npm start in a fresh checkout, with packages that are installed', { timeout }, () => {
  beforeAll(async () => {
    checkout = await FreshCheckout.create();
    checkout.copyInstalledPackages();
  }, timeout);
  afterAll(() => checkout.remove(), timeout);

  it('builds, serves and stops, as an ordinary user', async () => {
    const run = checkout.start();
    await checkout.expectReady(run);
    expect(run.output).toMatch(/Building the server and the page/);
    await checkout.stop(run);
  });

  it('refuses a wrong setting with its name', async () => {
    const run = checkout.start({ PORT: 'eighty' });
    expect(await run.ended).not.toBe(0);
    expect(run.output).toMatch(/PORT.*eighty/);
  });
});

describe('npm start on a fresh machine', { timeout, tags: ['wide'] }, () => {
  beforeAll(async () => {
    checkout = await FreshCheckout.create();
  }, timeout);
  afterAll(() => checkout.remove(), timeout);

  it('names a missing compiler in one line', async () => {
    const bin = checkout.createPath(['node', 'npm', 'sh', 'env', 'git']);
    const run = checkout.start({ PATH: bin, npm_config_build_from_source: 'true' });
    expect(await run.ended).not.toBe(0);
    expect(run.output).toMatch(
      /^everywire: better-sqlite3 has to be compiled here and this machine lacks .*g\+\+.*apt-get install .*$/m,
    );
  });

  it('[pain 14] installs, builds and is ready, as an ordinary user', async () => {
    const startedAt = performance.now();
    const run = checkout.start();
    await checkout.expectReady(run);
    console.log(`ready after ${Math.round((performance.now() - startedAt) / 1_000)} s, with installing and building`);
    expect(run.output).toMatch(/Installing packages/);
    expect(run.output).toMatch(/Building the server and the page/);
    await checkout.stop(run);
  });

  it('installs and builds nothing at the second start', async () => {
    const startedAt = performance.now();
    const run = checkout.start();
    await checkout.expectReady(run);
    console.log(`ready again after ${Math.round(performance.now() - startedAt)} ms`);
    await checkout.stop(run);
    expect(run.output).not.toMatch(/Installing|Building/);
  });
});
