import { chatLimits } from '@everywire/chat';
import { checkPostgresStore, createPostgresStore, type PostgresStore } from '@everywire/store-postgres';
import { createDatabasePath, type DatabasePath, type SeededRandom } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster } from './cluster.js';
import { type Faults, people, RandomRun } from './random-run.js';

/*
 * Three chat servers over one PostgreSQL database, each by a path of its own, while the database is silent, refuses
 * connections, moves, is slow or full, or loses answers. At the end every device shows what a new device would.
 */

const seeds = Array.from({ length: 20 }, (_, at) => at + 1);

describe.concurrent('three servers over one database, and faults of the database', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off', max_connections: '400' });
  });
  afterAll(() => server?.stop());

  function databaseFaults(database: string, paths: readonly DatabasePath[]): Faults {
    let isFull = false;
    const fill = async (to: boolean): Promise<void> => {
      if (isFull !== to) await server.fill(database, to);
      isFull = to;
    };
    const end = (path: DatabasePath): void => {
      path.accept();
      path.slow(0);
    };
    return {
      async inject(random: SeededRandom): Promise<void> {
        const path = random.pick(paths);
        const times = 1 + random.below(3);
        await random.pick([
          () => path.silence(),
          () => path.switchOff(),
          () => path.switchOff(database),
          () => path.refuse(),
          () => path.slow(random.below(200)),
          () => path.loseAnswers({ times }),
          () => fill(!isFull),
          () => end(path),
        ])();
      },
      async end(): Promise<void> {
        for (const path of paths) end(path);
        await fill(false);
      },
    };
  }

  it.each(seeds)(
    '[CH-16.2] [CM-3.2] every device finally shows what a new device shows, each message once: seed %i',
    { timeout: 600_000 },
    async (seed) => {
      const database = await server.createDatabase();
      const paths: DatabasePath[] = [];
      const stores: PostgresStore[] = [];
      for (let node = 0; node < 3; node += 1) {
        const path = await createDatabasePath(database);
        const limits = { ...chatLimits, smallMembersMax: 3 };
        const url = path.url(database);
        const onLimitsDiffer = (error: Error): never => {
          throw error;
        };
        stores.push(await createPostgresStore({ url, chatLimits: limits, onLimitsDiffer }));
        paths.push(path);
      }
      const cluster = await startCluster({ nodes: 3, people, stores });
      const run = await RandomRun.start(seed, cluster, databaseFaults(database, paths));
      try {
        await run.perform();
        await run.endFaults();
        await run.expectSame();
        expect(run.repeatedTexts()).toEqual([]);
        expect((await checkPostgresStore({ url: database })).damage).toEqual([]);
      } finally {
        await run.stop();
        await cluster.stop();
        for (const path of paths) await path.close();
      }
    },
  );
});
