/** The people and conversations of `cluster.mjs`, made in an empty database through the ports of the store. */
import { createHash } from 'node:crypto';
import { chatLimits } from '@everywire/chat';
import { createPostgresStore } from '../packages/store-postgres/dist/index.js';
import { StoreDriver } from '../packages/testkit/dist/store-driver.js';
import { tokenOf } from './chat/make-store.mjs';

/**
 * Users form a ring and are assigned to the nodes in turn. Each sends to the users at these distances, all of them odd,
 * so that on 2 and on 4 nodes both people of every conversation are on different nodes, which is the most expensive
 * case.
 */
const distances = [1, 3, 5, 7];

/**
 * Returns the people in their order, and the conversations of each. The database has no connection afterwards and can
 * be copied.
 */
export async function makePlace(url, count) {
  const store = await createPostgresStore({ url, onLimitsDiffer: fail });
  try {
    const users = [];
    for (let number = 1; number <= count; number += 1) users.push(await createPerson(store, `person${number}`));
    const driver = new StoreDriver(store, chatLimits);
    driver.pass(Date.now());
    const conversations = Object.fromEntries(users.map((user) => [user, []]));
    for (const [place, user] of users.entries()) {
      for (const distance of distances) {
        const peer = users[(place + distance) % count];
        const conversation = await driver.direct(user, peer);
        conversations[user].push(conversation);
        conversations[peer].push(conversation);
      }
    }
    return { users, conversations };
  } finally {
    await store.close();
  }
}

async function createPerson(store, name) {
  const now = Date.now();
  const { id } = await store.createUser({ name, displayName: name, passwordHash: null, createdAt: now });
  const tokenHash = createHash('sha256').update(tokenOf(id)).digest('base64url');
  const times = { createdAt: now, usedAt: now };
  await store.createCredential({ id: `c${id}`, user: id, label: '', transport: '', tokenHash, ...times });
  return id;
}

function fail(error) {
  throw error;
}
