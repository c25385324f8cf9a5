import { openDatabase } from '@everywire/store-sqlite/internal';
import { openConnection } from '../../packages/store-sqlite/dist/connection.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from '../../packages/store-sqlite/dist/limits.js';
import { syncsASend } from './count-syncs.mjs';
import { directConversations } from './direct-conversations.mjs';
import { copyStore, removeStore } from './make-store.mjs';
import { figuresOfLoads, line, range, round, withServer } from './with-server.mjs';

/** Each of 2,000 people talks to the fifty after them: 100,000 conversations. */
const ring = { people: 2_000, partners: 50 };

/**
 * Sends at maximum speed and at 2,500 a second, then kills the process and checks that no acknowledged message is lost.
 */
export function runDirects(messages) {
  return async ({ measureMs, say }) => {
    const { fill, conversationsOf } = directConversations({ ...ring, messages });
    const file = await copyStore(`direct-${messages}`, fill);
    const synchronous = synchronousOf(file);
    const before = countMessages(file);
    const users = range(1_000);
    const conversations = Object.fromEntries(users.map((user) => [user, conversationsOf(user)]));
    const common = { warmMs: 3_000, measureMs, conversations };
    const execArgv = process.env.EVERYWIRE_BENCH_PROFILE
      ? ['--cpu-prof', '--cpu-prof-dir', process.env.EVERYWIRE_BENCH_PROFILE]
      : [];
    const { full, half, traced, syncs, atStart } = await withServer(
      file,
      { users, execArgv },
      async ({ load, atStart, server }) => {
        const half = await load({ ...common, rate: 2_500 });
        say(line('2,500/s', half));
        const full = await load({ ...common, under: 256 });
        say(line('as fast as it goes', full));
        const alone = await syncsASend(server.pid, load, common);
        if (execArgv.length > 0) await server.end('SIGINT');
        return { full, half, ...alone, atStart };
      },
    );
    const acked = full.acked + half.acked + traced.acked;
    const lost = Math.max(0, acked - (countMessages(file) - before));
    say(
      `synchronous reads back ${synchronous} (2 is FULL), ${syncs} syncs of the disk a send; killed: ${lost} of ${acked} acknowledged lost`,
    );
    removeStore(file);
    return {
      synchronous,
      syncsASend: syncs,
      ...figuresOfLoads(full, half),
      mainUs: round(full.mainUs, 0),
      lost,
      startMb: round(atStart.rss / 1e6),
    };
  };
}

/** Reads the setting on a connection opened like the store's own. */
function synchronousOf(file) {
  const database = openConnection(file, DEFAULT_SQLITE_STORE_LIMITS, 'thread');
  const mode = database.pragma('synchronous', { simple: true });
  database.close();
  return mode;
}

function countMessages(file) {
  const database = openDatabase(file);
  const count = database.prepare('SELECT sum(count) FROM conversation').pluck().get();
  database.close();
  return count;
}

export const goalsOfDirects = (rate) => ({
  perSecond: { least: rate },
  halfP99Ms: { most: 50 },
  synchronous: { least: 2 },
  failed: { most: 0 },
  lost: { most: 0 },
  startMb: { most: 150 },
});
