/**
 * The people of `cluster.mjs` in a process of their own: sessions over WebSocket with the client that is shipped. Asked
 * over IPC: `connect` for each node, then `load` once, which also checks that both people of a conversation received
 * each message.
 */
import { randomBytes } from 'node:crypto';
import { createWireClient } from '@everywire/client';
import { textOf, tokenOf } from './chat/make-store.mjs';
import { countEnd, countEvent, pace, serve } from './chat/pace.mjs';

const receiversOfEach = 2;
/** Deliveries still missing after so long without a further one count as lost. */
const lostAfterMs = 5_000;

const sessions = [];
/** Ids of messages that were acknowledged. */
const acked = [];
/** The people who have received a message, by its id. */
const receivers = new Map();
let repeated = 0;
/** How many events came that are not a new message, by their kind. */
const others = {};

async function connect({ port, users }) {
  await Promise.all(users.map((user) => open(port, user)));
}

function open(port, user) {
  return new Promise((resolve, reject) => {
    const wire = createWireClient(`http://127.0.0.1:${port}/everywire`, {
      token: () => tokenOf(user),
      transports: ['websocket'],
    });
    const session = { user, wire, next: 1, pending: new Map() };
    wire.onopen = () => {
      sessions.push(session);
      resolve();
    };
    wire.onclose = ({ reason }) => {
      countEnd(reason);
      reject(new Error(`session of ${user} ended: ${reason}`));
    };
    wire.onmessage = ({ data }) => receive(session, JSON.parse(data));
  });
}

function receive({ user, pending }, message) {
  if (message.event !== undefined) return receiveEvent(user, message);
  const settle = pending.get(message.i);
  pending.delete(message.i);
  settle?.(message);
}

function receiveEvent(user, { event, before, after, row }) {
  if (event !== 'commit' || row === null || after.sequence === before.sequence) {
    others[event] = (others[event] ?? 0) + 1;
    return;
  }
  const known = receivers.get(row.id) ?? new Set();
  if (known.has(user)) repeated += 1;
  else countEvent();
  receivers.set(row.id, known.add(user));
}

async function load({ conversations, ...options }) {
  const figures = await pace(options, (number, settle) => {
    const session = sessions[Math.floor(Math.random() * sessions.length)];
    const choice = conversations[session.user];
    const conversation = choice[Math.floor(Math.random() * choice.length)];
    send(session, { conversation, text: textOf(number) }, settle);
  });
  return { ...figures, lost: await lostDeliveries(), repeated, others };
}

function send(session, message, settle) {
  const i = session.next++;
  session.pending.set(i, ({ error, ok }) => {
    if (error === undefined) acked.push(ok.id);
    settle(error?.code);
  });
  session.wire.send(JSON.stringify({ i, command: 'send', id: mintId(), ...message }));
}

async function lostDeliveries() {
  let missing = countMissing();
  for (let since = performance.now(); missing > 0 && performance.now() - since < lostAfterMs; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const now = countMissing();
    if (now !== missing) since = performance.now();
    missing = now;
  }
  return missing;
}

const countMissing = () => acked.reduce((sum, id) => sum + receiversOfEach - (receivers.get(id)?.size ?? 0), 0);

/** As the client that is shipped makes them. */
const mintId = () => (Date.now().toString(16).padStart(12, '0') + randomBytes(16).toString('hex')).slice(0, 32);

serve({ connect, load });
