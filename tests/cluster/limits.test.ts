import { afterEach, expect, test } from 'vitest';
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
  cluster = await startCluster({ nodes: 3, people: ['ann', 'bob'] }, { limits });
  for (let times = 0; times < 5; times += 1) expect(await signIn(0, 'bob', 'correct horse')).toBe(200);
  const guesses = [
    await signIn(0, 'ann', 'wrong 1'),
    await signIn(1, 'ann', 'wrong 2'),
    await signIn(2, 'ann', 'wrong 3'),
  ];
  expect(guesses).toEqual([401, 401, 401]);
  for (const node of [0, 1, 2]) expect(await signIn(node, 'ann', 'wrong 4')).toBe(429);
  expect(await signIn(2, 'bob', 'correct horse')).toBe(200);
});
