// Over 300 lines: one list of faults.
import { type Mutant, mutant } from './mutant.js';
import type { Profile } from './profile.js';

const core = 'session-core';
const server = 'server-session';
const guarded = 'guarded-session';
const queue = 'run-queue';
const end = 'proven-end';
const registry = 'session-registry';
const resetLog = 'reset-log';
const session = 'client-session';
const start = 'client-start';
const links = 'client-links';
const requests = 'client-requests';

/** A close that the server gives up in an outage, after it was restored from an older state. */
const outlived: Partial<Profile> = {
  ...{ rollback: true, forgets: false, remove: false, snapshotAt: 2000, restoredAfterMs: 1000 },
  ...{ closeEarly: true, closeAt: 3001, closer: 'server', outageAt: 3002, outageMs: 8900, twoNodes: false },
  ...{ rateMs: 20, slow: 0, quietFrom: 12_000 },
};

/** Few messages of one length over one socket, the last of which may vanish: nothing that follows shows it. */
const lastRemoved: Partial<Profile> = {
  ...{ cut: 0, swallow: 0, lose: 0, duplicate: 0, late: 0, outageMs: 0, rollback: false, twoNodes: false },
  ...{ remove: true, removeChance: 0.2, only: 'duplex', restless: false, early: 0, closeEarly: false },
  ...{ rateMs: 3000, quietFrom: 9000 },
};

/** One frame of a client that closes vanishes, and what is said of the rest comes late or not at all. */
const closedAfterRemoval: Partial<Profile> = {
  ...{ cut: 0.9, swallow: 0.5, deadOnOpening: 0, lose: 0.3, late: 0.15, latencyMs: 150, heartbeatMs: 8000 },
  ...{ twoNodes: false, rollback: false, outageMs: 0, handOver: 'never', takesHeads: true, slow: 0, blind: true },
  ...{ remove: true, removeChance: 0.3, closeEarly: true, closeAt: 500, closer: 'client', rateMs: 100, early: 2 },
};

/** Polls alone, which are not held. */
const paced: Partial<Profile> = {
  everyMs: 700,
  only: 'poll',
  blind: false,
  rollback: false,
  remove: false,
  rateMs: 20,
};

/** Up go bodies alone, whose answers nobody can read. */
const blind: Partial<Profile> = { blind: true, only: 'stream', restless: false };

/** Every one breaks a rule; the number is that of the rule it breaks. */
export const mutants: readonly Mutant[] = [
  // Counts and acknowledgements.
  mutant('SN-6 acknowledges on receipt', 300, core, 'ack: this.settled,', 'ack: this.received,'),
  mutant('SN-6 acknowledges one too many', 300, core, 'ack: this.settled,', 'ack: this.settled + 1,'),
  mutant(
    'SN-5 keeps received as a maximum',
    5000,
    core,
    'this.peerReceived = received;',
    'this.peerReceived = Math.max(this.peerReceived, received);',
  ),
  mutant(
    'SN-5 checks no counts',
    300,
    core,
    'const possible = ack <= received && received <= this.written && seen <= this.settled;',
    'const possible = true;',
  ),
  mutant('SN-5 checks no received', 1000, core, 'received <= this.written && ', ''),
  mutant('SN-5 checks no seen', 300, core, ' && seen <= this.settled;', ';'),
  mutant('SN-5 checks no checksum', 300, core, ' || !this.#sumFits(received, counts.sum)', ''),
  mutant('SN-5 leaves the checksum behind', 300, core, 'this.ackedSum = this.sumTo(ack);', ''),
  mutant(
    'SN-5 lets acknowledgements fall',
    300,
    core,
    'if (ack > this.acked) this.acknowledge(ack);',
    'this.acked = ack;',
  ),
  // Taking.
  {
    // Who goes back after a lost body never makes a gap, so both must be broken to lose a message.
    name: 'SN-2 takes over a gap',
    within: 300,
    patches: [
      { file: core, find: 'if (number > this.received + 1) return false;', put: '' },
      { file: server, find: 'if (first > this.received + 1) return;', put: '' },
      { file: links, find: '    } else return;\n    this.goOn();', put: '    } else return;' },
    ],
  },
  mutant('SN-2 takes what it had', 300, core, 'if (number <= this.received) return true;', ''),
  mutant(
    'SN-5 reads every link by one cursor',
    300,
    server,
    'if (!this.take(link, message))',
    'link.in = this.received + 1;\n    if (!this.take(link, message))',
  ),
  mutant(
    'SN-5 does not believe the first of an answer',
    300,
    start,
    'link.in = record.first;',
    'link.in = this.received + 1;',
  ),
  mutant('SN-5 forgets what the first stage knew', 300, session, 'session, start, {', 'session, { id: start.id }, {'),
  // Writing.
  mutant(
    'SN-22 writes one beyond the window',
    300,
    core,
    'this.allowed - this.acked < messages',
    'this.allowed - this.acked <= messages',
  ),
  mutant(
    'SN-22 writes beyond the bytes of the window',
    300,
    core,
    'if (next > bytes && this.allowed > this.acked) return;',
    '',
  ),
  mutant(
    'SN-22 calls a full window hostile',
    300,
    core,
    'number - this.settled > messages',
    'number - this.settled >= messages',
  ),
  mutant('SN-22 never frees the window', 300, core, 'this.allowedBytes -= bytes;', ''),
  mutant(
    'SN-5 goes on from written',
    300,
    server,
    'link.out = Math.max(record.received, this.acked) + 1;',
    'link.out = this.written + 1;',
  ),
  mutant(
    'SN-5 goes on from received alone',
    300,
    server,
    'link.out = Math.max(record.received, this.acked) + 1;',
    'link.out = record.received + 1;',
  ),
  mutant(
    'SN-5 begins a body behind the acknowledged',
    300,
    requests,
    'Math.max(this.#session.postNext, this.#session.acked + 1)',
    'this.#session.postNext',
  ),
  mutant('SN-5 forgets what a server wrote', 300, server, 'if (last > this.written) this.written = last;', ''),
  mutant('SN-5 forgets what a body carried', 300, requests, 'session.written = Math.max(session.written, last);', ''),
  mutant('SN-7 sends a body beside another', 300, requests, 'if (session.body || awaited', 'if (awaited'),
  {
    ...mutant(
      'SN-6 never confirms a body whose answer cannot be read',
      300,
      requests,
      "session.drop(body, 'done');\n    this.#failures = 0;",
      '',
    ),
    profile: blind,
  },
  {
    ...mutant(
      'SN-6 goes on after a blind body as if it had come',
      300,
      requests,
      'if (blindTo > peerReceived) {',
      'if (blindTo < 0) {',
    ),
    profile: blind,
  },
  {
    // A link that was overtaken while messages were held is ended, and with it, without need, one that was overtaken so.
    name: 'SN-5 leaves the first run of a link to the flush',
    within: 5000,
    patches: [
      {
        file: server,
        find: "if (link.kind === 'poll') this.touch();\n    else this.flush(this.home.now);",
        put: 'this.touch();',
      },
      {
        file: server,
        find: "if (down && down.kind !== 'poll' && down.out <= this.acked) down.end('done', this.home.now);",
        put: "if (down && !this.flowing && down.kind !== 'poll' && down.out <= this.acked) down.end('done', this.home.now);",
      },
    ],
  },
  // Joining and leaving.
  mutant(
    'SN-14 does not hold early messages',
    300,
    guarded,
    'if (this.flowing) this.io.deliver(message);',
    'if (this.flowing || true) this.io.deliver(message);',
  ),
  mutant(
    'SN-14 loses early messages',
    300,
    guarded,
    'for (const message of held) if (!this.done) this.deliver(message);',
    '',
  ),
  {
    ...mutant(
      'SN-21 writes while suspended',
      300,
      server,
      'if (this.flowing && link.out <= last) this.#writeRun(link, last);\n    const tellLast',
      'if (link.out <= last) this.#writeRun(link, last);\n    const tellLast',
    ),
    profile: { renewals: true, handOver: 'never', rollback: false, remove: false, rateMs: 20, closeEarly: false },
  },
  mutant(
    'SN-21 delivers while suspended',
    300,
    guarded,
    'if (!this.flowing) return;\n    this.flowing = false;',
    'if (!this.flowing) return;',
  ),
  mutant('SN-21 forgets what it held back', 300, guarded, 'this.held = [...this.io.recall()];', 'this.io.recall();'),
  mutant(
    'SN-5 goes on with a link that was overtaken',
    300,
    server,
    "if (down && down.kind !== 'poll' && down.out <= this.acked) down.end('done', this.home.now);",
    '',
  ),
  mutant(
    'SN-20 forgets the former id at once',
    300,
    registry,
    'this.#formerOf.set(session, session.key);',
    'this.#byKey.delete(session.key);\n    this.#formerOf.set(session, session.key);',
  ),
  mutant('SN-24 freezes over handlers', 1000, guarded, 'this.settled + this.held.length === this.received', 'true'),
  mutant('SN-24 gives numbers while frozen', 300, guarded, 'this.buffers = noRoom;', ''),
  mutant('SN-24 leaves what was not delivered behind', 1000, server, 'this.held = [...undelivered];', ''),
  mutant('SN-24 forgets what was written', 1000, server, 'this.written = from.written;', ''),
  mutant('SN-24 forgets the checksum', 1000, server, 'this.sum = from.sum | 0;', ''),
  mutant('SN-4 is clean when received', 300, end, 'sent, settled, sum }', 'sent, received: settled, sum }'),
  mutant('SN-4 is clean before it is acknowledged', 300, end, "acked === sent ? 'closed' : null", "'closed'"),
  {
    ...mutant(
      'SN-4 does not compare what was sent in all',
      300,
      end,
      "if (peerLastSum !== undefined && peerLastSum !== sum >>> 0) return 'lost';",
      '',
    ),
    profile: closedAfterRemoval,
  },
  mutant('SN-4 states what was written as last', 300, core, 'last: sent,', 'last: this.written,'),
  mutant('SN-4 keeps no verdict', 300, server, '    if (this.done) this.tellVerdict(link);\n  }', '  }'),
  mutant(
    'SN-4 reports everything as acknowledged',
    300,
    core,
    'acknowledged: acked, sent, unknown: sent - acked',
    'acknowledged: sent, sent, unknown: 0',
  ),
  mutant('SN-23 does not tell a reset again', 300, resetLog, 'this.told = Math.min(no, this.last);', ''),
  mutant(
    'SN-23 grows its ring into disorder',
    300,
    core,
    'ring[number & (ring.length - 1)] = this.messageAt(number);',
    'ring[(number + 1) & (ring.length - 1)] = this.messageAt(number);',
  ),
  mutant(
    'SN-27 forgets a run where its queue goes on in another piece',
    300,
    queue,
    'this.#head = 0;\n    giveChunk(left);',
    'this.#head = RUN_SLOTS;\n    giveChunk(left);',
  ),
  mutant('SN-27 takes messages of a sheet for those that follow', 300, queue, ' && newest[at + 1] === base', ''),
  mutant(
    'SN-27 cuts a run where it is acknowledged',
    300,
    queue,
    'const end = Math.min(last, ack);',
    'const end = last;',
  ),
  mutant('SN-5 sums a run by itself', 300, 'message-sheet', 'sum - (this.#sums[from] as number)', 'sum'),
  mutant(
    'SN-2 takes a body before its counts are checked',
    10_000,
    server,
    'if (!this.learn(record)) return;\n    if (record.hidden !== undefined) this.#hide(record.hidden);\n    this.#takeBody(record.first, messages);',
    'this.#takeBody(record.first, messages);\n    if (!this.learn(record)) return;\n    if (record.hidden !== undefined) this.#hide(record.hidden);',
  ),
  mutant(
    'SN-2 takes what a poll brought before its counts are checked',
    10_000,
    server,
    'if (!this.learn(record)) return;\n    const before = this.down;',
    'this.#takeBody(record.first ?? 0, messages);\n    if (!this.learn(record)) return;\n    const before = this.down;',
  ),
  mutant(
    'SN-5 does not look at the counts of a head',
    300,
    start,
    'if (!this.learn(record)) return;\n    this.headCame',
    'this.headCame',
  ),
  mutant(
    'SN-5 goes up from what was written',
    300,
    start,
    'link.out = Math.max(record.received, this.acked) + 1;',
    'link.out = this.written + 1;',
  ),
  mutant(
    'SN-5 goes up from received alone',
    5000,
    start,
    'link.out = Math.max(record.received, this.acked) + 1;',
    'link.out = record.received + 1;',
  ),
  mutant(
    'SN-7 goes on from what was written',
    300,
    links,
    'this.postNext = Math.max(this.peerReceived, this.acked) + 1;',
    'this.postNext = this.written + 1;',
  ),
  mutant('SN-14 opens anew under the old nonce', 10_000, links, 'this.nonce = this.io.nonce();', ''),
  mutant(
    'SN-14 takes an unconfirmed end for its own',
    10_000,
    start,
    "record.code === 'unconfirmed' && !this.acked",
    'false',
  ),
  mutant(
    'SN-4 acknowledges in its verdict what was only received',
    5000,
    server,
    'code: this.done.code, ack: this.settled',
    'code: this.done.code, ack: this.received',
  ),
  mutant(
    'SN-4 calls a timeout clean at the server',
    5000,
    server,
    "this.#settleVerdict() || this.#finish(false, 'timeout')",
    "this.#finish(true, 'closed')",
  ),
  mutant(
    'SN-4 calls a timeout clean at the client',
    5000,
    session,
    'else if (now >= this.closeAt && code) this.end(true, code);',
    "else if (now >= this.closeAt) this.end(true, 'closed');",
  ),
  mutant(
    'SN-4 does not end with a session that is unknown',
    300,
    start,
    "this.end(false, record.code === 'unknown' ? 'lost' : record.code);\n",
    '',
  ),
  mutant(
    'SN-22 forgets what a message held of the window',
    300,
    core,
    'this.unsettledBytes -= message.byteLength;',
    '',
  ),
  mutant(
    'SN-5 sums in another order',
    300,
    core,
    'this.sum = (Math.imul(this.sum, 31) + message.sum) | 0;',
    'this.sum = (this.sum + message.sum) | 0;',
  ),
  mutant(
    'SN-23 forgets resets that were lost with their link',
    300,
    server,
    'this.resetsSeen(record.resets ?? 0);',
    '',
  ),
  mutant(
    'SN-9 goes on writing to a superseded link',
    300,
    server,
    'this.#changeDown(link);\n    this.sooner(this.due());',
    'this.#changeDown(before?.open ? before : link);\n    this.sooner(this.due());',
  ),
  {
    // The verdict of a server restored from before what it acknowledged reaches the client after an outage.
    ...mutant(
      'SN-4 believes a verdict of another history',
      300,
      start,
      'ack < this.acked || ack > this.written',
      'ack > this.written',
    ),
    profile: outlived,
  },
  {
    ...mutant(
      'SN-5 does not compare `at` at the client',
      300,
      start,
      "record.t !== 'ack' && record.at !== link.in - 1",
      'false',
    ),
    profile: lastRemoved,
  },
  // Polls that are not held.
  {
    ...mutant('SN-34 takes a poll that comes too soon', 300, guarded, 'if (early > 0) return early;', ''),
    profile: paced,
  },
  {
    ...mutant(
      'SN-34 forgets at a hand-over when it was polled',
      300,
      server,
      'extras.polledAt = now - (from.polledMs ?? Number.POSITIVE_INFINITY);',
      '',
    ),
    profile: { ...paced, handOver: 'sure', handOverMs: 60, latencyMs: 10, slow: 0 },
  },
  // A record in the opening handshake.
  mutant(
    'SN-40 confirms what a proxy may have repeated',
    300,
    server,
    'this.#attachTo(link, { t',
    'this.confirm();\n    this.#attachTo(link, { t',
  ),
  mutant(
    'SN-40 is not confirmed by `from`',
    300,
    server,
    'link.in = record.first;\n        this.confirm();',
    'link.in = record.first;',
  ),
];
