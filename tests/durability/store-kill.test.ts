import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createRandom } from '@everywire/testkit';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';

const writer = fileURLToPath(new URL('./store-writer.mjs', import.meta.url));
const kills = process.env['EVERYWIRE_LONG'] === '1' ? 60 : 6;

/** Ids that a life may use, so that no two lives share one. */
const idsPerLife = 10_000_000;

/** What one life of the writer had acknowledged when it was killed: `conversation sequence commandId` each. */
async function liveAndDie(file: string, life: number, afterMs: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [writer, file, String(1 + life * idsPerLife)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await once(child.stdout, 'data');
  await delay(afterMs); // The instant of the kill is what is tested, so it is left to chance rather than to an event.
  child.kill('SIGKILL');
  await once(child, 'close');
  const whole = output.slice(0, output.lastIndexOf('\n') + 1);
  return whole.split('\n').filter((line) => line !== '');
}

interface Damage {
  readonly lost: number;
  readonly repeated: number;
  readonly gaps: number;
  readonly unlisted: number;
  readonly integrity: unknown;
}

const repeatedCommands = `SELECT count(*) FROM (SELECT 1 FROM message GROUP BY command HAVING count(*) > 1)`;
const conversationsWithGaps = `SELECT count(*) FROM conversation c WHERE sequence <>
  (SELECT count(*) FROM message m WHERE m.conversation = c.id)
  OR sequence <> (SELECT max(m.sequence) FROM message m WHERE m.conversation = c.id)`;
const membersNotListed = `SELECT count(*) FROM member m WHERE 2 <> (SELECT count(*) FROM list_order o
  WHERE o.user = m.user AND o.conversation = m.conversation AND o.value = iif(o.by = 0, m.stamp, -m.activity))`;

function inspect(file: string, acknowledged: readonly string[]): Damage {
  const database = new Database(file);
  const number = (sql: string): number => Number(database.prepare(sql).pluck().get());
  const find = database
    .prepare('SELECT lower(hex(command)) FROM message WHERE conversation = ? AND sequence = ?')
    .pluck();
  const isThere = (line: string): boolean => {
    const [conversation, sequence, command] = line.split(' ');
    return find.get(Number(conversation), Number(sequence)) === command;
  };
  const damage = {
    lost: acknowledged.filter((line) => !isThere(line)).length,
    repeated: number(repeatedCommands),
    gaps: number(conversationsWithGaps),
    unlisted: number(membersNotListed),
    integrity: database.pragma('integrity_check', { simple: true }),
  };
  database.close();
  return damage;
}

it(`[CH-1] keeps every acknowledged message once through ${kills} kills of its process`, {
  timeout: 600_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-kill-'));
  const file = join(directory, 'chat.db');
  const seed = Date.now() % 1_000_000;
  const random = createRandom(seed);
  const acknowledged: string[] = [];
  for (let life = 0; life < kills; life += 1) {
    acknowledged.push(...(await liveAndDie(file, life, random.below(400))));
    const damage = inspect(file, acknowledged);
    const none: Damage = { lost: 0, repeated: 0, gaps: 0, unlisted: 0, integrity: 'ok' };
    expect(damage, `after kill ${life + 1}, seed ${seed}, ${acknowledged.length} acknowledged`).toEqual(none);
  }
  expect(acknowledged.length).toBeGreaterThan(kills * 100);
  console.log(`${kills} kills, ${acknowledged.length} acknowledged sends, none lost`);
  rmSync(directory, { recursive: true });
});
