import { afterEach, expect, test, vi } from 'vitest';
import { type Cluster, startCluster } from './cluster.js';

/* The limit of password guesses holds for all nodes together. */

let cluster: Cluster;
afterEach(() => cluster.stop());

const signIn = async (node: number, name: string, password: string): Promise<number> => {
  const { place } = cluster.nodes[node]!;
  return (await place.rest('POST', '/api/login', { name, password })).status;
};

test('guesses at a name on one node count on every other, and right passwords on none', async () => {
  const limits = { attemptsPerName: 3, attemptRefillMs: 3_600_000 };
  const names = ['ann', 'cy', 'di', 'eve', 'flo', 'gil'];
  cluster = await startCluster({ nodes: 3, people: ['bob', ...names] }, { limits });
  for (let times = 0; times < 5; times += 1) expect(await signIn(0, 'bob', 'correct horse')).toBe(200);
  // On a busy machine a node may learn of a guess after the next one, so another name is tried.
  const guess = async (): Promise<void> => {
    const name = names.shift() ?? 'nobody';
    for (const node of [0, 1, 2]) expect(await signIn(node, name, 'wrong')).toBe(401);
    for (const node of [0, 1, 2]) expect(await signIn(node, name, 'wrong again')).toBe(429);
  };
  await vi.waitFor(guess, { timeout: 60_000 });
  expect(await signIn(2, 'bob', 'correct horse')).toBe(200);
});
