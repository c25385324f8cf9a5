import { createSecretKey, randomBytes } from 'node:crypto';
import { chatLimits, noChanges, type Store } from '@everywire/chat';
import { CommitGate, type DriverOutcome, StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../database/database.js';
import { anyHistory } from '../database/store-connection.js';
import { WriteHealth } from '../database/write-health.js';
import { migrate } from '../schema.js';
import { createChangeLane } from './change-lane.js';
import { CommandHash } from './command-hash.js';
import { type ConversationRow, parseConversation } from './conversation-row.js';
import { LaneConnection } from './lane-connection.js';
import { createMemberLane } from './run-members.js';
import { writesOf } from './write-group.js';

// Tests changes by lanes. A lane is a queue of changes with a connection of its own; changes that wait in it are
// committed in one transaction, a group. A gate stops a node just before its commit, so that a test decides the order.

const [ann, bob, eve] = [1, 2, 3];
const key = createSecretKey(randomBytes(32));

/** One server node. The driver sends commands to its lanes. */
interface Node {
  readonly driver: StoreDriver;
  readonly gate: CommitGate;
  readonly close: () => Promise<void>;
}

describe('changes by lanes', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let nodes: Node[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());
  beforeEach(async () => {
    url = await server.createDatabase();
    database = openDatabase({ url, connectionsMax: 2 });
    await migrate(database);
    nodes = [openNode(1), openNode(2)];
  });
  afterEach(async () => {
    for (const node of nodes) await node.close();
    await database.close();
  });

  function openNode(number: number): Node {
    const gate = new CommitGate();
    const beforeCommit = () => new Promise<void>((resolve) => gate.pass(resolve));
    const options = {
      url,
      history: anyHistory,
      health: new WriteHealth(),
      hash: new CommandHash(key),
      keyMs: 1e9,
      followsMax: 1_000,
      onSearchDue: () => undefined,
      onDeleted: () => undefined,
      beforeCommit,
    };
    const changes = createChangeLane(options);
    const members = createMemberLane(options);
    const store = {
      change: (request: never) => changes.submit(request),
      changeMember: (request: never) => members.submit(request),
    } as unknown as Store;
    return {
      driver: new StoreDriver(store, chatLimits, { firstId: number * 1_000_000 }),
      gate,
      close: async () => {
        gate.release();
        await Promise.all([changes.close(), members.close()]);
      },
    };
  }

  const rowsOf = (conversation: number) =>
    database.query<{ sequence: number; ordinal: number; sender: number; sender_ordinal: number }>(
      'SELECT sequence, ordinal, sender, sender_ordinal FROM message WHERE conversation = $1::int8 ORDER BY sequence',
      [conversation],
    );

  const conversationOf = async (id: number) => {
    const [row] = await database.query<ConversationRow>('SELECT * FROM conversation WHERE id = $1::int8', [id]);
    if (row === undefined) throw new Error(`no conversation ${id}`);
    return parseConversation(row);
  };

  it('two nodes write one log without gaps and with correct counts', async () => {
    const [here, there] = nodes as [Node, Node];
    const id = await here.driver.group(ann, [bob, eve]);
    await Promise.all(
      Array.from({ length: 60 }, (_, at) =>
        (at % 2 === 0 ? here : there).driver.send([ann, bob, eve][at % 3] ?? ann, id, `${at}`),
      ),
    );
    const rows = await rowsOf(id);
    expect(rows.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 61 }, (_, at) => at + 1));
    expect(rows.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 61 }, (_, at) => at));
    const [head] = await database.query('SELECT sequence, count, member_count FROM conversation');
    expect(head).toEqual({ sequence: 61, count: 60, member_count: 3 });
    const sent = await database.query('SELECT usr, sent FROM member ORDER BY usr');
    expect(sent).toEqual([ann, bob, eve].map((usr) => ({ usr, sent: 20 })));
  });

  it('a command that both nodes receive is executed once, and two people get one direct conversation', async () => {
    const [here, there] = nodes as [Node, Node];
    const id = await here.driver.group(ann, [bob]);
    const command = { command: 'send', id: here.driver.mintId(), conversation: id, text: 'once' } as const;
    const outcomes = await Promise.all([here, there].map(({ driver }) => driver.run(ann, command)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'repeated']);
    const create = { command: 'createGroup', id: here.driver.mintId(), name: 'once', users: [bob] } as const;
    const made = await Promise.all([here, there].map(({ driver }) => driver.run(ann, create)));
    expect(made.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'repeated']);
    const directs = await Promise.all([here.driver.direct(ann, eve), there.driver.direct(eve, ann)]);
    expect(directs[0]).toBe(directs[1]);
  });

  it('moving a cursor uses current rows, so counts at the head are correct', async () => {
    const [here, there] = nodes as [Node, Node];
    const id = await here.driver.group(ann, [bob]);
    await here.driver.sendMany(ann, id, 3);
    for (let times = 0; times < 20; times += 1) {
      await Promise.all([there.driver.read(bob, id, 1_000), here.driver.send(bob, id), there.driver.send(ann, id)]);
    }
    await there.driver.read(bob, id, 1_000);
    const [row] = await database.query('SELECT sent, read, read_ordinal, read_sent FROM member WHERE usr = 2');
    expect(row).toEqual({ sent: 20, read: 44, read_ordinal: 43, read_sent: 20 });
  });

  it('changes that wait for one conversation form one group, in which each sees the writes of the previous one', async () => {
    const [{ driver, gate }] = nodes as [Node];
    const id = await driver.group(ann, [bob, eve]);
    gate.hold();
    const first = driver.send(ann, id);
    await vi.waitFor(() => expect(gate.count).toBe(1));
    const waiting = Array.from({ length: 40 }, (_, at) => driver.send([ann, bob][at % 2] ?? ann, id, `${at}`));
    const removed = driver.do(ann, { command: 'remove', conversation: id, user: eve });
    const ofEve = driver.run(eve, { command: 'send', id: driver.mintId(), conversation: id, text: 'too late' });
    const last = driver.send(bob, id);
    gate.commit(0);
    await vi.waitFor(() => expect(gate.count).toBe(1));
    gate.release();
    await Promise.all([first, removed, last]);
    expect(await ofEve).toMatchObject({ outcome: 'refused' });
    const sequences = (await Promise.all(waiting)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, at) => at + 3));
    const rows = await rowsOf(id);
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map((_, at) => at + 1));
    const sent = await database.query('SELECT usr, sent FROM member ORDER BY usr');
    expect(sent).toEqual([21, 21, 0].map((count, at) => ({ usr: at + 1, sent: count })));
    const groups = await database.query('SELECT DISTINCT xmin::text FROM message');
    // The creation, the first text, the waiting texts with the removal, and the changes that the removal postponed.
    expect(groups).toHaveLength(4);
  });

  it('[CH-5.1] texts and changes of members that form one group each keep their effect', async () => {
    const [{ driver, gate }] = nodes as [Node];
    const id = await driver.group(ann, [bob, eve]);
    gate.hold();
    const first = driver.send(ann, id);
    await vi.waitFor(() => expect(gate.count).toBe(1));
    const waiting = [
      driver.send(ann, id),
      driver.do(bob, { command: 'arrange', conversation: id, place: 'pinned' }),
      driver.send(bob, id),
      driver.do(eve, { command: 'arrange', conversation: id, place: 'archived' }),
      driver.do(ann, { command: 'mute', conversation: id, until: 5 }),
    ];
    gate.release();
    await Promise.all([first, ...waiting]);
    expect((await driver.send(eve, id)).sequence).toBe(5);
    expect((await rowsOf(id)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(await conversationOf(id)).toMatchObject({ sequence: 5, count: 4 });
    const members = await database.query('SELECT sent, place, mute FROM member ORDER BY usr');
    expect(members).toEqual([
      { sent: 2, place: 0, mute: 5 },
      { sent: 1, place: 1, mute: 0 },
      { sent: 1, place: -1, mute: 0 },
    ]);
  });

  it('a group that waits for another node loses none of its changes', async () => {
    const [here, there] = nodes as [Node, Node];
    const ids = [];
    for (let made = 0; made < 4; made += 1) ids.push(await here.driver.group(ann, [bob]));
    here.gate.hold();
    const held = ids.slice(1).map((id) => here.driver.send(ann, id));
    await vi.waitFor(() => expect(here.gate.count).toBe(1));
    const waiting = ids.map((id) => there.driver.send(bob, id));
    await expect
      .poll(() => server.ask("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"), { timeout: 10_000 })
      .toHaveLength(1);
    here.gate.release();
    expect((await Promise.all(held)).map(({ sequence }) => sequence)).toEqual([2, 2, 2]);
    expect((await Promise.all(waiting)).map(({ sequence }) => sequence)).toEqual([2, 3, 3, 3]);
  });

  describe('a node that stood still while the server ended its transaction', () => {
    // The server does so after 10 s, also while the node is suspended. The gate is between the two round trips.
    const endTransactions = async (): Promise<void> => {
      const ended = await server.ask(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'everywire' AND state = 'idle in transaction'",
      );
      expect(ended).not.toHaveLength(0);
    };

    it('[CH-1.1] a change decided before the pause takes no message back', async () => {
      const [here, there] = nodes as [Node, Node];
      const id = await here.driver.group(ann, [bob]);
      here.gate.hold();
      const late = here.driver.send(ann, id, 'decided before the pause');
      await vi.waitFor(() => expect(here.gate.count).toBe(1));
      await endTransactions();
      for (let sent = 0; sent < 3; sent += 1) await there.driver.send(bob, id, `${sent}`);
      here.gate.release();
      expect((await late).sequence).toBe(5);
      expect((await there.driver.send(bob, id)).sequence).toBe(6);
      expect((await rowsOf(id)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
      const sent = await database.query('SELECT sent FROM member ORDER BY usr');
      expect(sent).toEqual([{ sent: 1 }, { sent: 4 }]);
    });

    it('[CH-23.1] a read position decided before the pause does not fall', async () => {
      const [here, there] = nodes as [Node, Node];
      const id = await here.driver.group(ann, [bob]);
      await here.driver.sendMany(ann, id, 5);
      here.gate.hold();
      const late = here.driver.read(bob, id, 2);
      await vi.waitFor(() => expect(here.gate.count).toBe(1));
      await endTransactions();
      await there.driver.read(bob, id, 5);
      here.gate.release();
      await late;
      expect(await database.query('SELECT read FROM member WHERE usr = 2')).toEqual([{ read: 5 }]);
    });
  });

  it('[CH-5.1] a group fails as a whole when a conversation is not as it was read', async () => {
    const [here] = nodes as [Node];
    const id = await here.driver.group(ann, [bob]);
    const read = await conversationOf(id);
    await here.driver.send(ann, id);
    const connection = new LaneConnection(url, anyHistory);
    const transaction = await connection.begin([]);
    const written = {
      before: read,
      changes: { ...noChanges, conversation: { ...read, modification: read.modification + 1 } },
      memberBefore: () => null,
      messagesBefore: new Map(),
    };
    await expect(transaction.commit(writesOf([written], [], 1_000))).rejects.toThrow('changed since they were read: 1');
    await connection.end();
    expect((await conversationOf(id)).sequence).toBe(2);
  });

  it('writes of a transaction that has ended are not sent', async () => {
    const connection = new LaneConnection(url, anyHistory);
    const transaction = await connection.begin([{ text: 'ROLLBACK' }]);
    await expect(transaction.commit([{ text: 'CREATE TABLE t ()' }])).rejects.toMatchObject({ code: 'busy' });
    await connection.end();
    expect(await database.query("SELECT 1 FROM pg_tables WHERE tablename = 't'")).toEqual([]);
  });

  it('a change in flight on a lost connection is committed once and answered as committed', async () => {
    const [here] = nodes as [Node];
    const id = await here.driver.group(ann, [bob]);
    let kills = 0;
    let isOver = false;
    const ending = (async () => {
      while (!isOver) {
        const killed = await server.ask(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'everywire' AND query ILIKE '%commit%'",
        );
        kills += killed.length;
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
    })();
    const outcomes: DriverOutcome[] = [];
    for (let round = 0; round < 40; round += 1) {
      const sends = Array.from({ length: 5 }, (_, at) =>
        here.driver.run(ann, {
          command: 'send',
          id: here.driver.mintId(),
          conversation: id,
          text: `${round} ${at}`,
        } as const),
      );
      outcomes.push(...(await Promise.all(sends)));
    }
    isOver = true;
    await ending;
    expect(kills).toBeGreaterThan(3);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['committed']));
    expect(await rowsOf(id)).toHaveLength(201);
  });
});
