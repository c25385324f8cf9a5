import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * How often a process asks for a sync of the disk while `work` runs, counted by strace, which slows it.
 * @returns null where strace is missing or may not attach
 */
async function countSyncs(pid, work) {
  const file = join(tmpdir(), `everywire-syncs-${process.pid}`);
  const trace = ['-f', '-q', '-e', 'trace=fsync,fdatasync,msync,sync_file_range', '-o', file, '-p', String(pid)];
  const strace = spawn('strace', trace, { stdio: 'ignore' });
  const ended = new Promise((resolve) => {
    strace.once('exit', resolve);
    strace.once('error', resolve);
  });
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))]);
  await work();
  const attached = strace.pid !== undefined && strace.exitCode === null;
  if (attached) strace.kill('SIGINT');
  await ended;
  const text = attached ? readFileSync(file, 'utf8') : null;
  rmSync(file, { force: true });
  return text === null ? null : (text.match(/ (fsync|fdatasync|msync|sync_file_range)\(/g)?.length ?? 0);
}

/** Counts the syncs of a send that shares none, over two seconds of sequential sends. */
export async function syncsASend(pid, load, common) {
  let traced;
  const syncs = await countSyncs(pid, async () => {
    traced = await load({ ...common, warmMs: 0, measureMs: 2_000, under: 1 });
  });
  return { traced, syncs: syncs === null ? null : Number((syncs / traced.acked).toFixed(2)) };
}
