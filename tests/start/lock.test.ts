import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from '../../scripts/lock.mjs';
import { root } from '../house/checkout-copy.js';

const lockModule = pathToFileURL(join(root, 'scripts/lock.mjs')).href;

describe('a lock between processes', () => {
  let home: string;
  let folder: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'everywire-lock-'));
    folder = join(home, 'lock');
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const holdBy = (line: string): void => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, '7'), `${line}\n`);
  };

  it('is held by one process at a time, even if many find that its holder has ended', async () => {
    const log = join(home, 'log');
    const ended = spawnSync(process.execPath, ['-e', '']);
    holdBy(`${ended.pid} - -`);
    const program = `
      const { withLock } = await import(${JSON.stringify(lockModule)});
      const { appendFileSync } = await import('node:fs');
      while (Date.now() < ${Date.now() + 1_500});
      for (let round = 0; round < 5; round += 1)
        await withLock(${JSON.stringify(folder)}, () => {}, async () => {
          appendFileSync(${JSON.stringify(log)}, 'in ');
          await new Promise((done) => setTimeout(done, 5));
          appendFileSync(${JSON.stringify(log)}, 'out ');
        });`;
    const statuses = Array.from({ length: 6 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
      return new Promise((resolve) => child.on('close', resolve));
    });
    expect(await Promise.all(statuses)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(30));
  });

  it('makes others wait while its holder runs, and the wait is announced once', async () => {
    const lines: string[] = [];
    const order: string[] = [];
    const first = withLock(folder, fail, async () => {
      await new Promise((done) => setTimeout(done, 700));
      order.push('first');
    });
    const second = withLock(
      folder,
      (line: string) => lines.push(line),
      () => order.push('second'),
    );
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(lines).toEqual([`Waiting for process ${process.pid}, which installs or builds here`]);
  });

  it('is released by work that fails', async () => {
    await expect(withLock(folder, fail, () => Promise.reject(new Error('work')))).rejects.toThrow('work');
    expect(await withLock(folder, fail, () => 'taken')).toBe('taken');
  });

  it('is ignored if another process has reused the id of its holder', async () => {
    holdBy(`${process.pid} 1 the-token-of-an-earlier-container`);
    expect(await withLock(folder, fail, () => 'taken')).toBe('taken');
    if (process.platform !== 'linux') return;
    holdBy(`${process.ppid} 1 -`);
    expect(await withLock(folder, fail, () => 'taken')).toBe('taken');
  });
});

function fail(line: string): never {
  throw new Error(`unexpected: ${line}`);
}
