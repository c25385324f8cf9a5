// Over 300 lines, because it is one list of faults.
import { type Mutant, mixedMutant, mutant } from './mutant.js';
import type { Profile } from './profile.js';

// Files in packages/protocol/src/session that the faults change, without `.ts`.
const state = 'client-state';
const outgoing = 'outgoing';
const incoming = 'incoming';
const delivery = 'delivery';
const server = 'server-session';
const writing = 'server-writing';
const serverLinks = 'server-links';
const queue = 'run-queue';
const end = 'proven-end';
const registry = 'session-registry';
const resetLog = 'reset-log';
const session = 'client-session';
const start = 'client-start';
const manager = 'link-manager';
const records = 'client-records';
const requests = 'client-requests';

/** Runs in which a server that was restored from an older state times out while it closes the session in an outage. */
const outlived: Partial<Profile> = {
  ...{ rollback: true, forgets: false, remove: false, snapshotAt: 2000, restoredAfterMs: 1000 },
  ...{ closeEarly: true, closeAt: 3001, closer: 'server', outageAt: 3002, outageMs: 8900, twoNodes: false },
  ...{ rateMs: 20, slow: 0, quietFrom: 12_000 },
};

/** Few messages of equal length over one socket. The last may be lost without a later message that shows it. */
const lastRemoved: Partial<Profile> = {
  ...{ cut: 0, swallow: 0, lose: 0, duplicate: 0, late: 0, outageMs: 0, rollback: false, twoNodes: false },
  ...{ remove: true, removeChance: 0.2, only: 'duplex', restless: false, early: 0, closeEarly: false },
  ...{ rateMs: 3000, quietFrom: 9000 },
};

/** Only short polls, which the server answers immediately. */
const paced: Partial<Profile> = {
  everyMs: 700,
  only: 'poll',
  blind: false,
  rollback: false,
  remove: false,
  rateMs: 20,
};

/** Tokens expire during heavy traffic. */
const suspending: Partial<Profile> = {
  ...{ renewals: true, handOver: 'never', rollback: false, remove: false, rateMs: 20, closeEarly: false },
};

/** Only POST bodies go upstream, and their answers are unreadable. */
const blind: Partial<Profile> = { blind: true, only: 'stream', restless: false };

/** Faults in the client and server. The name of each begins with the number of the broken rule in `docs/spec/session.md`. */
export const mutants: readonly Mutant[] = [
  // Counts and acknowledgements.
  mutant('SN-6 acknowledges on receipt', 300, state, 'ack: this.#settled,', 'ack: this.#received,'),
  mutant('SN-6 acknowledges one message too many', 300, state, 'ack: this.#settled,', 'ack: this.#settled + 1,'),
  mutant(
    'SN-5 keeps the maximum of the received counts',
    5000,
    state,
    'this.#peerReceived = received;\n    this.#peerHeld',
    'this.#peerReceived = Math.max(this.#peerReceived, received);\n    this.#peerHeld',
  ),
  mutant('SN-5 does not check the received count', 1000, state, 'received <= this.#written &&', ''),
  mixedMutant(
    'SN-5 hashes only three bytes of a message',
    300,
    '../message',
    'xxHash32(this.memory, this.from, this.byteLength, Number(this.binary))',
    'this.memory[this.from]! + 256 * this.memory[this.from + (this.byteLength >> 1)]! + 65536 * this.memory[this.from + this.byteLength - 1]!',
  ),
  mixedMutant(
    'SN-9 accepts records for another client instance',
    300,
    records,
    '(said.instance ?? instance) !== instance || ',
    '',
  ),
  mixedMutant(
    'SN-20 accepts the new id of another session',
    3000,
    records,
    '(said.instance ?? instance) !== instance || ',
    "(record.t !== 'rotate' && (said.instance ?? instance) !== instance) || ",
  ),
  mixedMutant('SN-14 accepts the session of another nonce', 300, records, ' || (said.nonce ?? nonce) !== nonce', ''),
  mutant(
    'SN-5 does not check the checksum',
    300,
    state,
    '(received < this.#acked || this.#sumTo(received) >>> 0 === sum)',
    'true',
  ),
  mutant('SN-5 does not advance the acknowledged checksum', 300, state, 'this.#ackedSum = sum;', ''),
  mutant(
    'SN-5 lets the acknowledged count decrease',
    300,
    state,
    'return this.#acknowledge(ack, ack === received ? sum : undefined);',
    "this.#acked = ack;\n    return 'learnt';",
  ),
  // Receiving.
  {
    // A client that resumes after a lost body never leaves a gap, so both must be broken to lose a message.
    name: 'SN-2 accepts messages after a gap',
    within: 300,
    patches: [
      { file: state, find: "if (number > this.#received + 1) return 'gap';", put: '' },
      { file: incoming, find: "if (number > this.#received + 1) return 'gap';", put: '' },
      { file: delivery, find: 'if (first > this.#incoming.received + 1) return taking;', put: '' },
      {
        file: manager,
        find: 'if (this.requests.forget(link) || wasUp) this.requests.resume();',
        put: 'this.requests.forget(link);',
      },
    ],
  },
  mutant('SN-2 accepts repeated messages', 300, state, "if (number <= this.#received) return 'repeated';", ''),
  mutant(
    'SN-5 uses one read cursor for all links',
    300,
    server,
    'if (!this.#took(this.delivery.take(link, message)))',
    'link.in = this.flow.incoming.received + 1;\n    if (!this.#took(this.delivery.take(link, message)))',
  ),
  {
    name: 'SN-5 ignores `first` in an answer',
    within: 300,
    patches: [start, session].map((file) => ({
      file,
      find: 'link.in = record.first;',
      put: 'link.in = this.flow.received + 1;',
    })),
  },
  mutant('SN-5 discards the state of the start phase', 300, session, 'from?.flow ?? ', ''),
  // Sending.
  mutant(
    'SN-22 writes one message beyond the window',
    300,
    state,
    'this.#allowed - this.#acked < messages',
    'this.#allowed - this.#acked <= messages',
  ),
  mutant(
    'SN-22 ignores the byte limit of the window',
    300,
    state,
    'if (next > bytes && this.#allowed > this.#acked) return;',
    '',
  ),
  mutant(
    'SN-22 treats a full window as hostile',
    300,
    state,
    'number - this.#settled > messages',
    'number - this.#settled >= messages',
  ),
  mutant('SN-22 never frees the window', 300, state, 'this.#allowedBytes -= byteLength;', ''),
  mutant(
    'SN-5 resumes after the last written message',
    300,
    server,
    'const out = Math.max(record.received, this.flow.outgoing.acked) + 1;',
    'const out = this.flow.outgoing.written + 1;',
  ),
  mutant(
    'SN-5 resumes from the received count only',
    300,
    server,
    'const out = Math.max(record.received, this.flow.outgoing.acked) + 1;',
    'const out = record.received + 1;',
  ),
  mutant(
    'SN-5 begins a body before the acknowledged messages end',
    300,
    requests,
    'Math.max(this.#next, this.#session.flow.acked + 1)',
    'this.#next',
  ),
  mutant(
    'SN-5 loses the written count of the server',
    300,
    outgoing,
    'if (last > this.#written) this.#written = last;',
    '',
  ),
  mutant('SN-5 does not count the messages of a body as written', 300, 'body-load', 'state.wrote(last);', ''),
  mutant('SN-7 sends two bodies concurrently', 300, requests, 'if (this.#body || awaited', 'if (awaited'),
  {
    ...mutant(
      'SN-6 never confirms a blind body',
      300,
      requests,
      "manager.drop(body, 'done');\n    this.#failures = 0;",
      '',
    ),
    profile: blind,
  },
  {
    ...mutant(
      'SN-6 assumes that a blind body arrived',
      300,
      requests,
      'if (!isStated(this.#session.flow, body)) {',
      'if (blindTo < 0) {',
    ),
    profile: blind,
  },
  {
    // Ending overtaken links would hide this fault, so the second patch limits that to the case of held messages.
    name: 'SN-5 delays the first run of a link until the flush',
    within: 5000,
    patches: [
      {
        file: server,
        find: "if (link.kind === 'poll') this.#touch();\n    else guard.flush(this, this.#home.now);",
        put: 'this.#touch();',
      },
      {
        file: server,
        find: "if (down && down.kind !== 'poll' && down.out <= outgoing.acked)",
        put: "if (down && !this.delivery.isOpen && down.kind !== 'poll' && down.out <= outgoing.acked)",
      },
    ],
  },
  // Confirmation, suspension and hand-over.
  mutant(
    'SN-14 does not hold early messages',
    300,
    delivery,
    'if (this.#open) this.io.deliver(message);',
    'if (this.#open || true) this.io.deliver(message);',
  ),
  mutant('SN-14 loses early messages', 300, delivery, 'for (const message of held) this.#deliver(message);', ''),
  {
    ...mutant(
      'SN-21 writes while suspended',
      300,
      writing,
      'if (delivery.isOpen && link.out <= last) writeRun(parts, link, last);\n  const sendsLast',
      'if (link.out <= last) writeRun(parts, link, last);\n  const sendsLast',
    ),
    profile: suspending,
  },
  mutant(
    'SN-21 delivers while suspended',
    300,
    delivery,
    'if (open === this.#open) return false;\n    this.#open = open;',
    'if (open === this.#open) return false;\n    this.#open = true;',
  ),
  mutant('SN-21 loses held messages', 300, delivery, 'this.#held = [...this.io.recall()];', 'this.io.recall();'),
  {
    ...mutant(
      'SN-5 keeps an overtaken link',
      300,
      server,
      "if (down && down.kind !== 'poll' && down.out <= outgoing.acked) down.end('done', this.#home.now);",
      '',
    ),
    profile: suspending,
  },
  mutant(
    'SN-20 discards the former id immediately',
    300,
    registry,
    'this.#formerOf.set(session, session.key);',
    'this.#byKey.delete(session.key);\n    this.#formerOf.set(session, session.key);',
  ),
  mutant('SN-24 freezes with pending handlers', 1000, delivery, 'settled + this.#held.length === received', 'true'),
  mutant(
    'SN-24 assigns numbers while frozen',
    300,
    server,
    'if (freeze !== null && this.flow.isOpen) {',
    'if (freeze !== null && !this.flow.isOpen) {',
  ),
  mutant('SN-24 does not hand over undelivered messages', 1000, 'hand-over', 'delivery.hold(from.undelivered);', ''),
  mutant('SN-24 does not hand over the written count', 1000, outgoing, 'this.#written = from.written;', ''),
  mutant('SN-24 does not hand over the checksum', 1000, incoming, 'this.#sum = from.sum | 0;', ''),
  mutant(
    'SN-4 closes cleanly before everything is acknowledged',
    300,
    end,
    "acked === sent ? 'closed' : null",
    "'closed'",
  ),
  mutant(
    'SN-4 states the written count as `last`',
    300,
    state,
    '{ ...counts, last,',
    '{ ...counts, last: this.#written,',
  ),
  mutant(
    'SN-4 keeps no verdict',
    300,
    server,
    '    if (this.done !== null) writing.sendVerdict(this, link, addresseeOf(record), now);\n  }',
    '  }',
  ),
  mutant(
    'SN-4 reports everything as acknowledged',
    300,
    state,
    'acknowledged, sent, unknown: sent - acknowledged',
    'acknowledged: sent, sent, unknown: 0',
  ),
  mutant('SN-23 does not repeat a lost reset', 300, resetLog, 'this.sent = Math.min(no, this.last);', ''),
  mutant(
    'SN-23 frees messages at the wrong end of the buffer',
    300,
    state,
    'this.#queue.splice(0, ack - this.#acked)',
    'this.#queue.splice(-1, ack - this.#acked)',
  ),
  mutant(
    'SN-27 loses a run at the boundary of two queue chunks',
    300,
    queue,
    'this.#head = 0;\n    giveChunk(left);',
    'this.#head = RUN_SLOTS;\n    giveChunk(left);',
  ),
  mutant('SN-27 treats all messages of a batch as consecutive', 300, queue, ' && newest[at + 1] === base', ''),
  mutant(
    'SN-27 does not split a run at the acknowledged message',
    300,
    queue,
    'const end = Math.min(last, ack);',
    'const end = last;',
  ),
  mutant('SN-5 sums a run without its start', 300, 'message-batch', 'sum - (this.#sums[from] as number)', 'sum'),
  mutant(
    'SN-2 accepts a body before it checks the counts',
    10_000,
    server,
    'if (!this.#learn(record)) return;\n    if (record.hidden !== undefined) this.#hide(record.hidden);',
    'this.#took(this.delivery.takeUp(record, messages));\n    if (!this.#learn(record)) return;\n    if (record.hidden !== undefined) this.#hide(record.hidden);',
  ),
  mutant(
    'SN-2 accepts the messages of a poll before it checks the counts',
    10_000,
    server,
    'if (!this.#learn(record)) return;\n    const { links } = this;',
    'this.#took(this.delivery.takeBody(record.first ?? 0, messages));\n    if (!this.#learn(record)) return;\n    const { links } = this;',
  ),
  {
    name: 'SN-5 ignores the counts of a head',
    within: 300,
    patches: [
      { file: start, find: 'if (this.#learn(record)) this.#onAttached', put: 'this.#onAttached' },
      { file: session, find: 'if (!this.#learn(record)) return;\n        headCame', put: 'headCame' },
    ],
  },
  mutant(
    'SN-5 resumes upstream after the last written message',
    300,
    records,
    'link.out = Math.max(received, state.acked) + 1;',
    'link.out = state.written + 1;',
  ),
  mutant(
    'SN-5 resumes upstream from the received count only',
    5000,
    records,
    'link.out = Math.max(received, state.acked) + 1;',
    'link.out = received + 1;',
  ),
  mutant(
    'SN-7 resumes after the last written message',
    300,
    requests,
    'this.#next = Math.max(peerReceived, acked) + 1;',
    'this.#next = this.#session.flow.written + 1;',
  ),
  mutant('SN-14 opens a new session with the old nonce', 10_000, session, 'this.#nonce = this.io.nonce();', ''),
  {
    name: 'SN-14 treats `unconfirmed` as the end of its session',
    within: 10_000,
    patches: [
      { file: start, find: "record.code === 'unconfirmed' && !this.flow.acked", put: "record.code === ''" },
      { file: session, find: "code === 'unconfirmed' && !flow.acked", put: "code === ''" },
    ],
  },
  mutant(
    'SN-4 acknowledges in its verdict messages that were only received',
    5000,
    writing,
    'ack: flow.incoming.settled, ...to',
    'ack: flow.incoming.received, ...to',
  ),
  mutant(
    'SN-4 reports a timeout as clean, at the server',
    5000,
    server,
    "this.#settleVerdict() || this.#finish(false, 'timeout')",
    "this.#finish(true, 'closed')",
  ),
  mutant(
    'SN-4 reports a timeout as clean, at the client',
    5000,
    session,
    'else if (over && code) this.#end(true, code);',
    "else if (over) this.#end(true, 'closed');",
  ),
  mutant(
    'SN-4 does not end when its session is unknown',
    300,
    session,
    "if (!refused(this, manager, link, record)) this.#end(false, record.code === 'unknown' ? 'lost' : record.code);",
    '',
  ),
  mutant('SN-22 never frees the bytes of a message', 300, state, 'this.#unsettledBytes -= byteLength;', ''),
  mutant(
    'SN-5 computes an order-independent checksum',
    300,
    state,
    'this.#sum = addToSum(this.#sum, hash);',
    'this.#sum = (this.#sum + hash) | 0;',
  ),
  mutant(
    'SN-23 loses resets together with their link',
    300,
    server,
    'this.pendingNotices?.resetsSeen(record.resets ?? 0);',
    '',
  ),
  mutant(
    'SN-9 continues to write to a superseded link',
    300,
    serverLinks,
    'this.#old = this.#old.filter((old) => old !== link);\n    this.#down = link;',
    'this.#old = this.#old.filter((old) => old !== link);\n    this.#down = this.#old.at(-1) ?? link;',
  ),
  {
    // After an outage the client gets the verdict of a server that was restored to a state before its acknowledgements.
    ...mutant(
      'SN-4 accepts a verdict that contradicts acknowledged messages',
      300,
      state,
      'ack < this.#acked || ack > this.#written',
      'ack > this.#written',
    ),
    profile: outlived,
  },
  {
    ...mutant(
      'SN-5 does not compare `at` at the client',
      300,
      records,
      "record.t !== 'ack' && record.at !== link.in - 1",
      'false',
    ),
    profile: lastRemoved,
  },
  // Short polls.
  {
    ...mutant('SN-34 accepts a poll that comes too soon', 300, serverLinks, 'if (early > 0) return early;', ''),
    profile: paced,
  },
  {
    ...mutant(
      'SN-34 does not hand over the time of the last poll',
      300,
      serverLinks,
      'this.#polledAt = from.polledMs === undefined ? null : now - from.polledMs;',
      '',
    ),
    profile: { ...paced, handOver: 'sure', handOverMs: 60, latencyMs: 10, slow: 0 },
  },
  // A record in the opening handshake.
  mutant(
    'SN-40 confirms a handshake that a proxy may have repeated',
    300,
    server,
    'this.#attachTo(link, record, []);',
    'this.#confirm();\n    this.#attachTo(link, record, []);',
  ),
  mutant(
    'SN-40 does not confirm a session by `from`',
    300,
    server,
    'link.in = record.first;\n        this.#confirm();',
    'link.in = record.first;',
  ),
];
