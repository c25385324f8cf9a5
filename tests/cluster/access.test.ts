import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import type { TestPerson, TestPlace } from '../chat-server/test-place.js';
import { assertsFigures } from '../lane.js';
import { type Cluster, startCluster } from './cluster.js';

/*
 * Access that ends on one node ends on every other: immediately if the notification arrives, and by a check of the
 * store if it is lost.
 */

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwt = {
  ...({ algorithm: 'RS256' } as const),
  issuer: 'https://host.example.org',
  audience: 'chat',
  key: { kind: 'spki', text: spki },
} as const;

let cluster: Cluster;
afterEach(() => cluster.stop());

/** Within which time access must end, if the notification arrives and if it is lost. */
const deliveredWithinMs = 1_000;
const lostWithinMs = 3_000;

/** Returns a user of a host application, with a token that the host has signed. */
async function signed(name: string): Promise<TestPerson> {
  const token = new SignJWT({ name, preferred_username: name }).setProtectedHeader({ alg: 'RS256' });
  const text = await token
    .setIssuer(jwt.issuer)
    .setAudience(jwt.audience)
    .setSubject(name)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(privateKey);
  return { id: 0, name, token: text };
}

/** Checks that a request succeeds. */
async function accepted(answer: Promise<Response>): Promise<void> {
  expect((await answer).ok).toBe(true);
}

/** Whose access ends, and how it ends at the first node. */
const ends: readonly [
  string,
  (place: TestPlace) => Promise<{ readonly person: TestPerson; readonly end: () => Promise<void> }>,
][] = [
  [
    'a person signs out everywhere',
    async (place) => {
      const person = await place.register('ann');
      const body = { everywhere: true };
      return { person, end: () => accepted(place.rest('POST', '/api/logout', body, person.token)) };
    },
  ],
  [
    'an administrator suspends the account',
    async (place) => {
      const root = await place.setUp();
      const person = await place.register('ann');
      const path = `/api/people/${person.id}/suspend`;
      return { person, end: () => accepted(place.rest('POST', path, undefined, root.token)) };
    },
  ],
  [
    'a person signs out everywhere who came by a token of a host application',
    async (place) => {
      const person = await signed('ann');
      const body = { everywhere: true };
      return { person, end: () => accepted(place.rest('POST', '/api/logout', body, person.token)) };
    },
  ],
];

describe.each(['delivered', 'lost'] as const)(
  'a session on another node ends, though the notification is %s',
  (way) => {
    test.each(ends)('[SN-21.9] %s', async (_what, prepare) => {
      cluster = await startCluster({ nodes: 2, people: [] }, { jwt });
      const [one, two] = cluster.nodes;
      const { person, end } = await prepare(one!.place);
      const other = await two!.place.register('bob');
      const [session, bystander] = [await two!.place.connect(person), await two!.place.connect(other)];
      // The node has settled: the queries of its start have been answered.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      if (way === 'lost') two!.broker.cut();
      const begun = performance.now();
      await end();
      if (way === 'lost') setTimeout(() => two!.broker.repair(), 1_000);
      expect(await session.closed).toBe('revoked');
      const tookMs = performance.now() - begun;
      if (assertsFigures) expect(tookMs).toBeLessThan(way === 'delivered' ? deliveredWithinMs : lostWithinMs);
      expect(tookMs).toBeGreaterThan(way === 'delivered' ? 0 : 900);
      await bystander.settle();
    });
  },
);
