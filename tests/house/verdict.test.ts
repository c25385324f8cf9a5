import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runForVerdict } from '../../scripts/test/verdict.mjs';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'everywire-verdict-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a program with this code. Returns its verdict and how often it was started. */
async function run(code: string) {
  const program = join(folder, 'runner.mjs');
  writeFileSync(
    program,
    `import fs from 'node:fs';\nconst starts = '${join(folder, 'starts')}';\nfs.appendFileSync(starts, 'x');\n${code}`,
  );
  const verdict = await runForVerdict(program, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  return { verdict, starts: readFileSync(join(folder, 'starts'), 'utf8').length };
}

const passed = 'process.send({ passed: 7, failed: 0 })';
const failedOnce = { passed: 0, failed: 1 };

it('a verdict is reported, even if the runner crashes during its exit', async () => {
  expect(await run(passed)).toEqual({ verdict: { passed: 7, failed: 0 }, starts: 1 });
  const crashing = `process.on('exit', () => { throw new Error('busy'); });\n${passed}`;
  expect((await run(crashing)).verdict).toEqual({ passed: 7, failed: 0 });
});

it('a killed runner is restarted once', async () => {
  const once = `if (fs.readFileSync(starts, 'utf8').length === 1) process.kill(process.pid, 'SIGKILL');\n${passed}`;
  expect(await run(once)).toEqual({ verdict: { passed: 7, failed: 0 }, starts: 2 });
});

it('two runners without a verdict count as one failure', async () => {
  expect(await run("process.kill(process.pid, 'SIGKILL')")).toEqual({ verdict: failedOnce, starts: 2 });
});

it('an error handler that throws, which ends Node with code 7, counts as one failure', async () => {
  const code = "process.on('uncaughtException', () => { throw new Error('again'); });\nthrow new Error('first');";
  expect((await run(code)).verdict).toEqual(failedOnce);
});

it('the processes, mounted disks and folders of a killed runner are removed', async () => {
  const { verdict } = await run(`
    import { execFileSync, spawn } from 'node:child_process';
    const temporary = process.env.EVERYWIRE_TEST_FOLDER;
    const disk = temporary + '/disk';
    fs.mkdirSync(disk);
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore', env: { ...process.env, TMPDIR: temporary } });
    fs.writeFileSync('${join(folder, 'left')}', JSON.stringify({ temporary, pid: child.pid }));
    process.kill(process.pid, 'SIGKILL');`);
  expect(verdict).toEqual(failedOnce);
  const { temporary, pid } = JSON.parse(readFileSync(join(folder, 'left'), 'utf8')) as {
    temporary: string;
    pid: number;
  };
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  expect(existsSync(temporary)).toBe(false);
  expect(execFileSync('cat', ['/proc/mounts'], { encoding: 'utf8' })).not.toContain(temporary);
});
