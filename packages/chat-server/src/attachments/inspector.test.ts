import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { silentLog } from '../logger.js';
import { type AttachmentLimits, defaultAttachmentLimits } from './attachment-limits.js';
import type { InspectionTask } from './inspect-file.js';
import { Inspector } from './inspector.js';

// Tests `Inspector`, which runs inspections of uploaded files in a separate process. Most tests replace the program of
// that process.

const directory = mkdtempSync(join(tmpdir(), 'everywire-inspector-'));
afterAll(() => rmSync(directory, { recursive: true }));

const lines: string[] = [];
let inspector: Inspector;
afterEach(() => inspector.close());

/** Creates an inspector, with this source of its program. */
function open(limits: Partial<AttachmentLimits> = {}, program?: string): Inspector {
  lines.length = 0;
  const log = { ...silentLog, warn: (line: string) => void lines.push(line) };
  inspector = new Inspector(
    { ...defaultAttachmentLimits, ...limits },
    log,
    program === undefined ? undefined : write(program),
  );
  return inspector;
}

let files = 0;
/** Writes a file and returns its URL. */
function write(text: string | Buffer): URL {
  files += 1;
  const path = join(directory, `${files}.mjs`);
  writeFileSync(path, text);
  return pathToFileURL(path);
}

/** Creates a task for a file with these bytes. */
function task(bytes: string | Buffer = '', name = 'a.bin'): InspectionTask {
  const path = write(bytes).pathname;
  return { path, cleanedPath: `${path}.cleaned`, id: '0'.repeat(32), name, type: '' };
}

/** Reports the names of its tasks, and behaves as each name says. */
const obedient = `
  process.send('ready');
  process.on('message', ({ task: { id, name, path }, pixels }) => {
    if (name === 'pixels' && !pixels) name = 'without pixels';
    if (name === 'stall') for (;;);
    if (name === 'hang' || name === 'pixels') return;
    if (name === 'exit') process.exit(1);
    if (name === 'throw') throw new Error('a defect');
    if (name === 'grow') for (const held = []; ; ) held.push(new Array(1_000).fill(held.length));
    if (name === 'full') return process.send({ failed: 'no space', code: 'ENOSPC' });
    process.send({ inspection: { ref: { id, name, kind: 'video', type: 'video/mp4' }, path, preview: null } });
  });`;

const bytesOnly = { kind: 'file', type: 'application/octet-stream' };

it('a picture is inspected in a separate process', async () => {
  const png = await sharp({ create: { width: 8, height: 4, channels: 3, background: '#2a6' } })
    .png()
    .toBuffer();
  const { ref, preview } = await open().inspect(1, task(png, 'a.png'));
  expect(ref).toMatchObject({ name: 'a.png', kind: 'image', type: 'image/png', picture: { width: 8, height: 4 } });
  expect((await sharp(preview ?? undefined).metadata()).format).toBe('webp');
  expect(lines).toEqual([]);
});

it('[U12] a file that exceeds its time is kept as bytes, and the next one gets a new process', async () => {
  open({ inspectionMs: 2_000 }, obedient);
  for (const name of ['stall', 'hang']) {
    const [late, next] = await Promise.all([
      inspector.inspect(1, task('', name)),
      inspector.inspect(1, task('', 'next.mp4')),
    ]);
    expect(late.ref).toEqual({ id: '0'.repeat(32), name, ...bytesOnly });
    expect(next.ref.type).toBe('video/mp4');
  }
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain('longer than 2000 ms');
});

it('[U11] a file that makes the process run out of memory, exit or throw affects no other file', async () => {
  open({ inspectionMemoryBytes: 16 << 20 }, obedient);
  for (const name of ['grow', 'exit', 'throw']) {
    expect((await inspector.inspect(1, task('', name))).ref).toMatchObject(bytesOnly);
    expect((await inspector.inspect(1, task('', 'next.mp4'))).ref.type).toBe('video/mp4');
  }
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/SIGABRT.*out of memory/);
});

it('a full disk is not blamed on the file: its error is passed on', async () => {
  open({}, obedient);
  await expect(inspector.inspect(1, task('', 'full'))).rejects.toMatchObject({ code: 'ENOSPC' });
  expect((await inspector.inspect(1, task('', 'next.mp4'))).ref.type).toBe('video/mp4');
});

it('if no process can start, the file is refused with busy and not blamed, so that a retry can succeed', async () => {
  open({}, 'throw new Error("does not start")');
  await expect(inspector.inspect(1, task())).rejects.toMatchObject({ code: 'busy' });
  expect(lines[0]).toContain('does not start');
});

it('uploads of one user above the limit are refused with busy, those of another user are inspected', async () => {
  open({ inspectionsWaitingMax: 2 }, obedient);
  const mine = ['a', 'b', 'c', 'd'].map((name) => inspector.inspect(1, task('', name)));
  const other = inspector.inspect(2, task('', 'other'));
  await expect(mine[3]).rejects.toMatchObject({ code: 'busy' });
  for (const inspection of [...mine.slice(0, 3), other]) expect((await inspection).ref.type).toBe('video/mp4');
});

it('[U14] while several users send slow files without pause, a file of another user waits for at most one of them', async () => {
  // Only the shortened time can end a file of this test in time.
  open({ inspectionMs: 600_000, inspectionAwaitedMs: 600 }, obedient);
  const ended = new Map<number, number>();
  const attack = async (owner: number): Promise<void> => {
    for (;;) {
      const { ref } = await inspector.inspect(owner, task('', 'hang'));
      expect(ref).toMatchObject(bytesOnly);
      ended.set(owner, (ended.get(owner) ?? 0) + 1);
    }
  };
  const attacks = [1, 2, 3, 4].map((owner) => expect(attack(owner)).rejects.toMatchObject({ code: 'busy' }));
  await vi.waitFor(() => expect(ended.size).toBe(4), { timeout: 60_000 });
  const slowOnes = (): number => [...ended.values()].reduce((sum, count) => sum + count, 0);
  for (let time = 0; time < 5; time += 1) {
    const before = slowOnes();
    expect((await inspector.inspect(9, task('', 'a.mp4'))).ref.type).toBe('video/mp4');
    expect(slowOnes() - before).toBeLessThanOrEqual(1);
  }
  expect(lines[0]).toMatch(/longer than 400 ms while other uploads waited/);
  await inspector.close();
  await Promise.all(attacks);
});

it('[U14] a picture whose time was shortened is inspected again without pixels, to remove its coordinates', async () => {
  open({ inspectionMs: 600_000, inspectionAwaitedMs: 3_000 }, obedient);
  const [cut, next] = await Promise.all([
    inspector.inspect(1, task('', 'pixels')),
    inspector.inspect(2, task('', 'next.mp4')),
  ]);
  expect([cut.ref.name, next.ref.name]).toEqual(['without pixels', 'next.mp4']);
});

it('closing refuses the inspection in progress, and all later ones, with busy', async () => {
  open({}, obedient);
  const running = inspector.inspect(1, task('', 'hang'));
  const refused = expect(running).rejects.toMatchObject({ code: 'busy' });
  await inspector.close();
  await refused;
  await expect(inspector.inspect(1, task())).rejects.toMatchObject({ code: 'busy' });
});
