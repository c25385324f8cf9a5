import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteStore } from '@everywire/store-sqlite';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { createRandom } from '@everywire/testkit';
import { expect, it } from 'vitest';
import { wideUnless } from '../lane.js';
import { liveAndDie } from './live-and-die.js';
import { unlisted } from './log-inspection.js';

const writer = new URL('./store-writer.mjs', import.meta.url);
/** Number of kills in `npm test` and in `npm run test:all`. */
const rounds = process.env['EVERYWIRE_LONG'] === '1' ? [60] : [2, 6];
/** Number of acknowledged sends before each kill. */
const linesPerLife = 100;

/** The damage in the store, as in `log-inspection.ts`. */
interface Damage {
  readonly lost: number;
  readonly repeated: number;
  readonly gaps: number;
  readonly unlisted: number;
  /** Noted moves in lists that the index tree does not contain yet. */
  readonly waiting: number;
  readonly integrity: unknown;
}

const repeatedCommands = `SELECT count(*) FROM (SELECT 1 FROM message GROUP BY command HAVING count(*) > 1)`;
const conversationsWithGaps = `SELECT count(*) FROM conversation c WHERE sequence <>
  (SELECT count(*) FROM message m WHERE m.conversation = c.id)
  OR sequence <> (SELECT max(m.sequence) FROM message m WHERE m.conversation = c.id)`;
/** Compares the store with the acknowledged sends. */
function inspect(file: string, acknowledged: readonly string[]): Damage {
  const database = openDatabase(file);
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
    unlisted: number(unlisted),
    waiting: number('SELECT count(*) FROM list_moved'),
    integrity: database.pragma('integrity_check', { simple: true }),
  };
  database.close();
  return damage;
}

for (const kills of rounds) {
  const options = { timeout: 1_200_000, tags: wideUnless(kills === 2) };
  it(
    `[CH-1.1] a store keeps every acknowledged message once through ${kills} kills of its process, and reports no loss`,
    options,
    async () => {
      const directory = mkdtempSync(join(tmpdir(), 'everywire-kill-'));
      const file = join(directory, 'chat.db');
      const seed = Date.now() % 1_000_000;
      const random = createRandom(seed);
      const acknowledged: string[] = [];
      for (let life = 0; life < kills; life += 1) {
        // Each line is `conversation sequence commandId`.
        acknowledged.push(
          ...(await liveAndDie(writer, { file, life, afterMs: random.below(400), linesMin: linesPerLife })),
        );
        expect(acknowledged.filter((line) => line.startsWith('false report'))).toEqual([]);
        const damage = inspect(file, acknowledged);
        const none: Omit<Damage, 'waiting'> = { lost: 0, repeated: 0, gaps: 0, unlisted: 0, integrity: 'ok' };
        expect(damage, `after kill ${life + 1}, seed ${seed}, ${acknowledged.length} acknowledged`).toMatchObject(none);
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(kills * linesPerLife);
      // After it is opened once more, no move is pending.
      await createSqliteStore({ file, checkpoint: 'inline', search: 'inline' }).close();
      expect(inspect(file, acknowledged)).toMatchObject({ unlisted: 0, waiting: 0 });
      console.log(`${kills} kills, ${acknowledged.length} acknowledged sends, none lost`);
      rmSync(directory, { recursive: true });
    },
  );
}
