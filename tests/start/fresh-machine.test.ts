import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureNode } from '../../scripts/ensure-node.mjs';
import { FreshCheckout } from './fresh-checkout.js';
import { stop } from './ordinary-user.js';

/** Only a hung start takes this long, even on a slow or busy machine. */
const timeout = 1_200_000;

let checkout: FreshCheckout;

describe('npm start in a fresh checkout with installed packages', { timeout }, () => {
  beforeAll(async () => {
    checkout = await FreshCheckout.create();
    await checkout.copyInstalledPackages();
  }, timeout);
  afterAll(() => checkout.remove(), timeout);

  it('builds, serves and stops, as an ordinary user', async () => {
    const run = checkout.start();
    await checkout.expectReady(run);
    expect(run.output).toMatch(/Building the server and the page/);
    await stop(run);
  });

  it('goes on with a newer Node if an old one starts it', { tags: ['wide'] }, async () => {
    const node = await ensureNode('20', console.log);
    const run = checkout.start({ PATH: checkout.createPath(['npm', 'sh', 'env', 'git'], { node }) });
    await checkout.expectReady(run);
    expect(run.output).toMatch(
      /^everywire: Everywire needs Node 22\.16 or later, and this is 20\.\S+ It goes on with Node 2\d$/m,
    );
    await stop(run);
  });

  it('refuses an invalid setting, with its name', async () => {
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

  it('names the registry, and how to change it, when the packages cannot be fetched', async () => {
    const run = checkout.start({ npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' });
    expect(await run.ended).not.toBe(0);
    expect(run.output).toMatch(/^everywire: That failed \(ECONNREFUSED\); next attempt in 5 s$/m);
    expect(run.output).toMatch(/^They were requested from http:\/\/127\.0\.0\.1:1\/\. .*npm config set https-proxy/m);
  });

  it('[pain 14] installs, builds and serves, as an ordinary user, without a compiler', async () => {
    const startedAt = performance.now();
    const run = checkout.start({ PATH: checkout.createPath(['node', 'npm', 'sh', 'env', 'git']) });
    await checkout.expectReady(run);
    console.log(
      `ready after ${Math.round((performance.now() - startedAt) / 1_000)} s, including installing and building`,
    );
    expect(run.output).toMatch(/^everywire: Installing packages: done in \d+ s$/m);
    expect(run.output).toMatch(/^everywire: Building the server and the page: done in \d+ s$/m);
    await stop(run);
  });

  it('installs and builds nothing at the second start', async () => {
    const startedAt = performance.now();
    const run = checkout.start();
    await checkout.expectReady(run);
    console.log(`ready again after ${Math.round(performance.now() - startedAt)} ms`);
    await stop(run);
    expect(run.output).not.toMatch(/Installing|Building/);
  });
});
