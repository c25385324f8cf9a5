import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Command ids reserved for each life, so that no two lives share one. */
const idsPerLife = 10_000_000;

/** One run of a writer program, which ends by a kill. */
interface Life {
  /** The store. */
  readonly file: string;
  /** Number of the run, from 0. */
  readonly life: number;
  /** Milliseconds until the kill. */
  readonly afterMs: number;
  /** Number of acknowledged lines before the time `afterMs` starts. Default 1. */
  readonly linesMin?: number;
  /** Resolves when the time `afterMs` may start. */
  readonly until?: () => Promise<unknown>;
}

/**
 * Runs a writer, and kills it `afterMs` after it has acknowledged `linesMin` lines and `until` has resolved. Returns
 * the complete lines that it wrote, each of which is an acknowledgement.
 */
export async function liveAndDie(
  writer: URL,
  { file, life, afterMs, linesMin = 1, until }: Life,
): Promise<readonly string[]> {
  const child = spawn(process.execPath, [fileURLToPath(writer), file, String(1 + life * idsPerLife)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
  });
  let ended = false;
  child.once('close', () => {
    ended = true;
  });
  while (lines < linesMin) {
    await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
    if (ended) throw new Error(`The writer exited after ${lines} lines:\n${output}${complaint}`);
  }
  await until?.();
  await delay(afterMs); // A delay and not an event, because the kill must hit a random instant.
  child.kill('SIGKILL');
  await once(child, 'close');
  const whole = output.slice(0, output.lastIndexOf('\n') + 1);
  return whole.split('\n').filter((line) => line !== '');
}
