/**
 * The people of a bench, in a process of their own: sessions over WebSocket with the client that is shipped. Asked over IPC:
 * `connect`, then `load` as often as wanted.
 */
import { randomBytes } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { createWireClient } from '@everywire/client';
import { textOf, tokenOf } from './make-store.mjs';

const sessions = [];
let events = 0;
/** Why sessions ended that were open: what they had not had answered is never answered. */
const ended = new Map();

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
      ended.set(reason, (ended.get(reason) ?? 0) + 1);
      reject(new Error(`session of ${user} ended: ${reason}`));
    };
    wire.onmessage = ({ data }) => {
      if (data.startsWith('{"event"')) {
        events += 1;
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

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;

/** `rate`: sends a second, by a clock that does not wait for answers. `under`: as fast as it goes, so many unanswered. */
async function load({ rate = null, under = null, warmMs, measureMs, conversations }) {
  const begin = performance.now();
  const tally = new Tally(begin + warmMs, begin + warmMs + measureMs);
  const send = (due) => {
    const session = sessions[Math.floor(Math.random() * sessions.length)];
    const choice = conversations[session.user];
    const conversation = choice[Math.floor(Math.random() * choice.length)];
    tally.started += 1;
    ask(session, { command: 'send', id: mintId(), conversation, text: textOf(tally.started) }, (answer) =>
      tally.answered(answer, due),
    );
  };
  const dueNext = () => begin + (tally.started * 1_000) / rate;
  for (let now = begin; now < tally.to; now = performance.now()) {
    tally.tellProgress(now);
    if (rate === null) while (tally.flying < under) send(performance.now());
    else while (dueNext() <= now) send(dueNext());
    // A timer, not a turn: the thread is not to spin on the core that the checkpoints use.
    if (rate === null) await turn();
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const told = events - tally.eventsBefore;
  process.send({ progress: 'measured' });
  await settle(tally);
  return { ...tally.figures(), eventsPerSecond: (told * 1_000) / measureMs };
}

/** Waits for the answers that are on their way: where there was too much to read they come late, behind what was told. */
async function settle(tally) {
  let heard = -1;
  while (tally.flying > 0 && heard !== events + tally.answers) {
    heard = events + tally.answers;
    for (let waits = 0; tally.flying > 0 && waits < 1_000; waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What came of the sends: those due between `from` and `to` are the ones measured. */
class Tally {
  started = 0;
  eventsBefore = events;
  #acked = 0;
  #ackedInTime = 0;
  #failed = 0;
  #told = 'nothing';
  #codes = new Set();
  #latencies = [];

  constructor(from, to) {
    this.from = from;
    this.to = to;
  }

  get flying() {
    return this.started - this.answers;
  }

  get answers() {
    return this.#acked + this.#failed;
  }

  answered({ error }, due) {
    if (error !== undefined) {
      this.#failed += 1;
      this.#codes.add(error.code);
      return;
    }
    const now = performance.now();
    this.#acked += 1;
    if (now >= this.from && now < this.to) this.#ackedInTime += 1;
    if (due >= this.from && due < this.to) this.#latencies.push(now - due);
  }

  tellProgress(now) {
    if (this.#told !== 'nothing' || now < this.from) return;
    this.#told = 'measuring';
    this.eventsBefore = events;
    process.send({ progress: 'measuring' });
  }

  figures() {
    if (this.flying > 0) this.#codes.add('unanswered');
    for (const [reason, count] of ended) this.#codes.add(`${count} sessions ended: ${reason}`);
    const latencies = this.#latencies.toSorted((a, b) => a - b);
    return {
      perSecond: (this.#ackedInTime * 1_000) / (this.to - this.from),
      acked: this.#acked,
      failed: this.#failed + this.flying,
      codes: [...this.#codes],
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      p999Ms: percentile(latencies, 0.999),
    };
  }
}

/** One request after the other, each a new command where it is one. */
async function askInTurn({ user, request, times }) {
  const session = sessions.find((each) => each.user === user);
  const took = [];
  for (let at = 0; at < times; at += 1) {
    // The pace of one person's commands is limited; waiting for it is not what is asked.
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

const work = { connect, load, ask: askInTurn };
process.on('message', async ({ name, options }) => {
  try {
    process.send({ result: await work[name](options) });
  } catch (error) {
    process.send({ error: String(error) });
  }
});
