import { copyStore, removeStore } from './make-store.mjs';
import { line, range, round, withServer } from './with-server.mjs';

const online = 5_000;

/** Ten messages a second to a group whose 5,000 members are all connected. */
export async function runLargeGroup({ measureMs, say }) {
  const file = await copyStore('group-5000', (seed) => {
    seed.people(online);
    seed.conversation({ id: 1, kind: 'group', users: range(online), messages: 1_000 });
    seed.done();
  });
  const conversations = Object.fromEntries(range(online).map((user) => [user, [1]]));
  const figures = await withServer(file, { users: range(online) }, ({ load }) =>
    load({ rate: 10, warmMs: 5_000, measureMs, conversations }),
  );
  say(line('10/s to 5,000', figures));
  removeStore(file);
  return {
    eventsPerSecond: round(figures.eventsPerSecond, 0),
    serverPct: round(figures.serverPct, 0),
    mainUsPerDelivery: round(figures.mainUs / online, 2),
    ackP99Ms: round(figures.p99Ms),
    failed: figures.failed,
  };
}

const sizes = [2, 20, 100, 200, 201, 1_000];

/**
 * Measures a send while every member's row is stamped (up to 200 members) and when none is (CH-13). One member is
 * connected.
 */
export async function runGroupSizes({ measureMs, say }) {
  const file = await copyStore('group-sizes', (seed) => {
    seed.people(sizes.at(-1));
    let id = 0;
    for (const size of sizes) {
      for (let each = 0; each < 100; each += 1) {
        id += 1;
        seed.conversation({ id, kind: 'group', users: range(size), messages: 20 });
      }
    }
    seed.done();
  });
  const figures = {};
  await withServer(file, { users: range(1) }, async ({ load }) => {
    for (const [at, size] of sizes.entries()) {
      const conversations = { 1: range(100).map((each) => at * 100 + each) };
      // The commands of one user run sequentially, at most 50 a second; the bench measures the latency of one.
      const is = await load({ rate: 40, warmMs: 1_000, measureMs: measureMs / 2, conversations });
      say(line(`${size} members`, is));
      figures[`of${size}Us`] = round(is.mainUs, 0);
      figures[`of${size}P50Ms`] = round(is.p50Ms, 2);
    }
  });
  removeStore(file);
  return figures;
}

/** Memory of 1,000 people with 1,000 conversations each, all connected, the list read. */
export async function runConnected({ say }) {
  const people = 1_000;
  const file = await copyStore('connected', (seed) => {
    seed.people(people);
    let id = 0;
    for (let one = 1; one <= people; one += 1) {
      for (let two = one + 1; two <= people; two += 1) {
        id += 1;
        seed.conversation({ id, users: [one, two], messages: 2 });
      }
    }
    seed.done();
  });
  const megabytes = await withServer(file, { users: range(people), list: true }, async ({ server, atStart }) => ({
    startMb: round(atStart.rss / 1e6),
    // Measures the memory without a garbage collection first.
    connectedMb: round((await server.ask()).rss / 1e6),
  }));
  say(`${megabytes.startMb} MB at start, ${megabytes.connectedMb} MB with all connected`);
  removeStore(file);
  return megabytes;
}
