import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Ids that a life may use, so that no two lives share one. */
const idsPerLife = 10_000_000;

interface Life {
  readonly file: string;
  /** Counts from 0. */
  readonly life: number;
  readonly afterMs: number;
  /** What has to have come about before that time begins. */
  readonly until?: () => Promise<unknown>;
}

/** One life of a writer, killed so long after its first word, or after what is waited for. Answers the whole lines it said: what it had acknowledged. */
export async function liveAndDie(writer: URL, { file, life, afterMs, until }: Life): Promise<readonly string[]> {
  const child = spawn(process.execPath, [fileURLToPath(writer), file, String(1 + life * idsPerLife)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child.stdout, 'data');
  await until?.();
  await delay(afterMs); // The instant of the kill is what is tested, so it is left to chance rather than to an event.
  child.kill('SIGKILL');
  await once(child, 'close');
  const whole = output.slice(0, output.lastIndexOf('\n') + 1);
  return whole.split('\n').filter((line) => line !== '');
}
