import { randomBytes } from 'node:crypto';
import { pg } from './driver.mjs';
import { openStore, runCommand } from './run-command.mjs';

const people = 1_000;
/** Each person talks to so many of the next ones: 2,000 conversations. */
const peersEach = 2;
/** Has a list of so many conversations, with one message each. */
export const lister = { user: people + 1, conversations: 300, entries: 30 };
const text = 'The train is late, so start without me and keep a seat by the window.';

/** Fills an empty database through the store. Returns the conversations that sends are drawn from. */
export async function makeConversations(url) {
  const store = await openStore(url);
  const direct = async (actor, peer) => {
    const { conversation } = await runCommand(store, requestOf(actor, { command: 'createDirect', peer }));
    await runCommand(store, requestOf(actor, { command: 'send', conversation, text }));
    return { conversation, users: [actor, peer] };
  };
  const pairs = Array.from({ length: people * peersEach }, (_, at) => {
    const first = at % people;
    const distance = 1 + Math.floor(at / people);
    return [first + 1, ((first + distance) % people) + 1];
  });
  const made = await Promise.all(pairs.map(([actor, peer]) => direct(actor, peer)));
  await Promise.all(Array.from({ length: lister.conversations }, (_, at) => direct(lister.user, at + 1)));
  await store.close();
  // The copies of this database plan by what is found here, for nothing is vacuumed in a run.
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('VACUUM ANALYZE');
  await client.end();
  return made;
}

/** Returns the next send of one of two people to the other, of conversations drawn by `random`. */
export function drawSend(conversations, random) {
  const { conversation, users } = random.pick(conversations);
  return requestOf(random.pick(users), { command: 'send', conversation, text });
}

function requestOf(actor, command) {
  const id = randomBytes(16).toString('hex');
  return { actor, command: { ...command, id }, messageId: randomBytes(8).toString('hex'), now: Date.now() };
}
