/**
 * The people of a bench, in a process of their own: sessions over WebSocket with the client that is shipped. Asked over
 * IPC: `connect`, then `load` as often as wanted.
 */
import { randomBytes } from 'node:crypto';
import { createWireClient } from '@everywire/client';
import { textOf, tokenOf } from './make-store.mjs';
import { countEnd, countEvent, pace, percentile, serve } from './pace.mjs';

const sessions = [];

async function connect({ port, users, watch }) {
  for (let at = 0; at < users.length; at += 50)
    await Promise.all(users.slice(at, at + 50).map((user) => open(port, user, watch)));
  return { connected: sessions.length };
}

function open(port, user, list) {
  return new Promise((resolve, reject) => {
    const wire = createWireClient(`http://127.0.0.1:${port}/everywire`, {
      token: () => tokenOf(user),
      transports: ['websocket'],
    });
    const session = { user, wire, next: 1, pending: new Map() };
    wire.onopen = () => {
      sessions.push(session);
      if (list) ask(session, { command: 'list', cursor: null }, resolve);
      else resolve();
    };
    wire.onclose = ({ reason }) => {
      countEnd(reason);
      reject(new Error(`session of ${user} ended: ${reason}`));
    };
    wire.onmessage = ({ data }) => {
      if (data.startsWith('{"event"')) {
        countEvent();
        return;
      }
      const answer = JSON.parse(data);
      const settle = session.pending.get(answer.i);
      session.pending.delete(answer.i);
      settle?.(answer);
    };
  });
}

function ask(session, request, settle) {
  const i = session.next++;
  session.pending.set(i, settle);
  session.wire.send(JSON.stringify({ i, ...request }));
}

function load(options) {
  const { conversations } = options;
  return pace(options, (number, settle) => {
    const session = sessions[Math.floor(Math.random() * sessions.length)];
    const choice = conversations[session.user];
    const conversation = choice[Math.floor(Math.random() * choice.length)];
    ask(session, { command: 'send', id: mintId(), conversation, text: textOf(number) }, ({ error }) =>
      settle(error?.code),
    );
  });
}

/** One request after the other, each a new command where it is one. */
async function askInTurn({ user, request, times }) {
  const session = sessions.find((each) => each.user === user);
  const took = [];
  for (let at = 0; at < times; at += 1) {
    // The command rate of one user is limited, and waiting for it must not be measured.
    await new Promise((resolve) => setTimeout(resolve, 20));
    const id = request.command === 'send' ? { id: mintId() } : {};
    const begin = performance.now();
    const answer = await new Promise((resolve) => ask(session, { ...request, ...id }, resolve));
    if (answer.error !== undefined) throw new Error(`${request.command}: ${answer.error.code}`);
    took.push(performance.now() - begin);
  }
  took.sort((a, b) => a - b);
  return { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) };
}

/** As the client that is shipped makes them. */
const mintId = () => (Date.now().toString(16).padStart(12, '0') + randomBytes(16).toString('hex')).slice(0, 32);

serve({ connect, load, ask: askInTurn });
