import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ToyCheckout } from './toy-checkout.js';

let checkout: ToyCheckout;
beforeEach(() => {
  checkout = new ToyCheckout();
});
afterEach(() => checkout.delete());

/** A program that prints whether the build is up to date. */
const isFresh = `import('./scripts/build.mjs').then(({ isProductBuilt }) => console.log('fresh:', isProductBuilt()))`;

/** Starts, waits for the end, and checks that the server was ready. Returns the output. */
async function expectReady(): Promise<string> {
  const run = checkout.start();
  expect(await run.ended, run.output).toEqual({ status: 0, signal: null });
  expect(run.output).toMatch(/^ready$/m);
  return run.output;
}

describe('a start that was interrupted while installing', () => {
  it('is repaired by the next start after kill -9, and the third start installs nothing', async () => {
    checkout.write('npmHangs', '');
    const cut = checkout.start();
    await checkout.waitFor('npmWrites');
    checkout.killGroup(cut);
    await cut.ended;
    checkout.remove('npmHangs');
    checkout.makeFolder('apps/web/node_modules/half');

    expect(await expectReady()).toMatch(/Installing/);
    expect(checkout.has('apps/web/node_modules')).toBe(false);
    expect(await expectReady()).not.toMatch(/Installing|Building/);
  });

  it('deletes the stamp of packages that an earlier start installed', async () => {
    await expectReady();
    const stamp = checkout.read('.cache/install-stamp');
    const lock = checkout.read('package-lock.json');
    checkout.write('package-lock.json', `${lock}\n`);
    checkout.remove('node_modules');
    checkout.write('npmHangs', '');
    const cut = checkout.start();
    await checkout.waitFor('npmWrites');
    checkout.killGroup(cut);
    await cut.ended;
    expect(checkout.has('.cache/install-stamp')).toBe(false);

    checkout.remove('npmHangs');
    checkout.write('package-lock.json', lock);
    expect(await expectReady()).toMatch(/Installing/);
    expect(checkout.read('.cache/install-stamp')).toBe(stamp);
  });

  it('is repaired with all packages if it was installing all packages', async () => {
    checkout.write('.cache/installing', 'all');
    await expectReady();
    expect(checkout.read('.cache/install-stamp')).toMatch(/ all$/);
    expect(checkout.read('npm.log')).not.toMatch(/omit=dev/);
  });

  it('forwards SIGTERM to npm, and ends by it once npm has ended', async () => {
    checkout.write('npmHangs', '');
    const cut = checkout.start();
    await checkout.waitFor('npmWrites');
    cut.child.kill('SIGTERM');
    expect((await cut.ended).signal).toBe('SIGTERM');
    expect(checkout.has('npmEnded')).toBe(true);
    expect(cut.output).not.toMatch(/failed/);
  });

  it('makes a second start wait, also while only its npm still runs', async () => {
    checkout.write('npmHangs', '');
    const first = checkout.start();
    await checkout.waitFor('npmWrites');
    const second = checkout.start();
    await expect.poll(() => second.output).toContain(`Waiting for process ${first.child.pid}, `);
    checkout.remove('npmHangs');
    first.child.kill('SIGKILL');
    const npm = checkout.read('npmWrites');
    await expect.poll(() => second.output).toContain(`Waiting for process ${npm}, `);
    process.kill(Number(npm), 'SIGKILL');
    expect(await second.ended, second.output).toEqual({ status: 0, signal: null });
    expect(second.output).toMatch(/^ready$/m);
  });
});

it('a start after npm ci keeps the packages of a developer', async () => {
  const installed = { packages: { 'node_modules/vitest': { dev: true } } };
  checkout.write('node_modules/.package-lock.json', JSON.stringify(installed));
  await expectReady();
  expect(checkout.read('npm.log')).not.toMatch(/omit=dev/);
});

describe('an interrupted build', () => {
  it('does not count as fresh, even if an earlier one did', async () => {
    await expectReady();
    checkout.write('apps/web/src/page.txt', 'changed');
    checkout.write('viteHangs', '');
    const cut = checkout.start();
    await checkout.waitFor('viteWrites');
    checkout.killGroup(cut);
    await cut.ended;
    expect(checkout.has('.cache/product-stamp')).toBe(false);
    checkout.remove('viteHangs');
    expect(await expectReady()).toMatch(/Building/);
  });

  it('is stale if a file changed while it ran', async () => {
    checkout.write('viteHangs', '');
    await expectReadyAfterTouch();
    const probe = checkout.run(['-e', isFresh]);
    await probe.ended;
    expect(probe.output).toBe('fresh: false\n');
  });

  it('is reported with its signal', async () => {
    checkout.write('viteHangs', '');
    const run = checkout.start();
    await checkout.waitFor('viteWrites');
    process.kill(Number(checkout.read('viteWrites')), 'SIGKILL');
    expect((await run.ended).status).toBe(1);
    expect(run.output).toMatch(/^everywire: Building failed: vite\S* build .* was terminated by SIGKILL$/m);
  });

  it('stays fresh if the checkout is moved', async () => {
    await expectReady();
    const moved = checkout.moveTo('elsewhere');
    const probe = moved.run(['-e', isFresh]);
    await probe.ended;
    await moved.delete();
    expect(probe.output).toBe('fresh: true\n');
  });

  /** Starts, changes a source during the build, and expects the server. SIGTERM makes the toy build succeed. */
  async function expectReadyAfterTouch(): Promise<void> {
    const run = checkout.start();
    await checkout.waitFor('viteWrites');
    checkout.write('apps/web/src/page.txt', 'changed while it was built');
    process.kill(Number(checkout.read('viteWrites')), 'SIGTERM');
    await run.ended;
    expect(run.output).toMatch(/^ready$/m);
  }
});

it('npm start refuses a path that Vite cannot build in, in one line', async () => {
  for (const name of ['a#b', 'a?b']) {
    const unfit = checkout.moveTo(name);
    const run = unfit.start();
    expect((await run.ended).status).toBe(1);
    await unfit.delete();
    expect(run.output).toMatch(/^everywire: The build cannot work in a path with "[#?]"\. .*\n$/);
  }
});

it.skipIf(process.getuid?.() !== 0)('npm start names the required user if the checkout cannot be written', async () => {
  await expectReady();
  checkout.write('apps/web/src/page.txt', 'changed');
  spawnSync('chmod', ['-R', 'a+rX', `${checkout.path}/..`]);
  const { stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], {
    cwd: checkout.path,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    uid: 65_534,
    gid: 65_534,
  });
  expect(stderr).toMatch(/ cannot be written: run npm start once as the owner of this directory\.$/m);
});
