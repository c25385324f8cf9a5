import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, saveSessions, takeSessions } from './snapshot-file.js';

// Tests the file in which a server that restarts leaves its sessions to the next process. A crash at any moment must
// never give a session to two processes.

let folder: string;
let path: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'everywire-snapshots-'));
  path = join(folder, 'sessions');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const sessions = ['one', 'two', 'three'];

/** The file operations, each a step at which the power may be cut. */
const calls = [
  ...(['openSync', 'fstatSync', 'writeFileSync', 'fsyncSync', 'closeSync'] as const),
  ...(['renameSync', 'readdirSync', 'readFileSync', 'unlinkSync'] as const),
];

class PowerCut extends Error {}

/**
 * Returns a disk whose power fails instead of step `at`. Of each written file that was not synced, half remains, under
 * its current name. `steps` returns the number of steps so far.
 */
function cutBefore(at: number): { readonly on: Disk; readonly steps: () => number } {
  let steps = 0;
  const names = new Map<number, string>();
  const unsynced = new Set<string>();
  const effects: Partial<Record<keyof Disk, (values: readonly unknown[], result: unknown) => void>> = {
    openSync: ([name], file) => void names.set(file as number, name as string),
    writeFileSync: ([file]) => void unsynced.add(names.get(file as number)!),
    fsyncSync: ([file]) => void unsynced.delete(names.get(file as number)!),
    renameSync: ([from, to]) => void (unsynced.delete(from as string) && unsynced.add(to as string)),
    unlinkSync: ([name]) => void unsynced.delete(name as string),
  };
  const call = (name: keyof Disk, values: readonly unknown[]): unknown => {
    if (steps > at) return undefined;
    if (steps === at) {
      steps += 1;
      for (const path of unsynced) fs.truncateSync(path, fs.statSync(path).size / 2);
      throw new PowerCut(name);
    }
    steps += 1;
    const result = (fs[name] as (...all: readonly unknown[]) => unknown)(...values);
    effects[name]?.(values, result);
    return result;
  };
  const entries = calls.map((name) => [name, (...values: unknown[]) => call(name, values)]);
  return { on: Object.fromEntries(entries) as Disk, steps: () => steps };
}

/** Returns a disk that fails in step `at` only. */
function failingAt(at: number): Disk {
  let steps = 0;
  const call = (name: keyof Disk, values: readonly unknown[]): unknown => {
    steps += 1;
    if (steps === at + 1) throw new Error('EIO');
    return (fs[name] as (...all: readonly unknown[]) => unknown)(...values);
  };
  return Object.fromEntries(calls.map((name) => [name, (...values: unknown[]) => call(name, values)])) as Disk;
}

describe('saveSessions and takeSessions', () => {
  it('[SN-24.12] takeSessions returns the saved sessions once, with the time since they were saved', () => {
    saveSessions(path, sessions, 1_000);
    expect(fs.statSync(path).mode & 0o777).toBe(0o600);
    expect(takeSessions(path, 3_500)).toEqual({ sessions, awayMs: 2_500 });
    expect([fs.existsSync(path), takeSessions(path)]).toEqual([false, null]);
  });

  it('[SN-24.12] takeSessions refuses and removes a file that was copied, damaged or written by another version', () => {
    saveSessions(path, sessions);
    fs.copyFileSync(path, join(folder, 'copy'));
    expect(takeSessions(join(folder, 'copy'))).toEqual({ fault: 'copied' });
    fs.truncateSync(path, fs.statSync(path).size - 3);
    expect(takeSessions(path)).toEqual({ fault: 'damaged' });
    saveSessions(path, sessions);
    const text = fs.readFileSync(path, 'utf8').replace('everywire-sessions-1', 'everywire-sessions-9');
    fs.writeFileSync(path, text);
    expect(takeSessions(path)).toEqual({ fault: 'other_version' });
    fs.writeFileSync(path, 'nothing of ours');
    expect([takeSessions(path), takeSessions(path)]).toEqual([{ fault: 'damaged' }, null]);
  });

  it('[SN-24.12] a power cut in any step of saveSessions leaves all sessions or none', () => {
    const whole = cutBefore(Number.POSITIVE_INFINITY);
    saveSessions(path, sessions, 0, whole.on);
    takeSessions(path);
    for (let at = 0; at < whole.steps(); at += 1) {
      expect(() => saveSessions(path, sessions, 0, cutBefore(at).on)).toThrow(PowerCut);
      expect([null, { sessions, awayMs: 0 }]).toContainEqual(takeSessions(path, 0));
    }
  });

  it('[SN-24.12] saveSessions leaves no file with secrets of sessions when a step fails', () => {
    const whole = cutBefore(Number.POSITIVE_INFINITY);
    saveSessions(path, sessions, 0, whole.on);
    takeSessions(path);
    for (let at = 0; at < whole.steps(); at += 1) {
      expect(() => saveSessions(path, sessions, 0, failingAt(at))).toThrow('EIO');
      expect(fs.readdirSync(folder)).toEqual([]);
    }
  });

  it('[SN-24.12] a power cut in any step of takeSessions leaves the sessions for at most one process', () => {
    saveSessions(path, sessions, 0);
    const whole = cutBefore(Number.POSITIVE_INFINITY);
    takeSessions(path, 0, whole.on);
    for (let at = 0; at < whole.steps(); at += 1) {
      saveSessions(path, sessions, 0);
      const cut = cutBefore(at);
      // The interrupted process got no sessions, so the next one may get all.
      expect(() => takeSessions(path, 0, cut.on)).toThrow(PowerCut);
      expect([null, { sessions, awayMs: 0 }]).toContainEqual(takeSessions(path, 0));
    }
  });
});
