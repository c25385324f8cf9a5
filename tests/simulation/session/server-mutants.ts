import { type Mutant, mutant } from './mutant.js';
import type { Profile } from './profile.js';

// Files in packages/protocol/src/session that the faults change, without `.ts`.
const outgoing = 'outgoing';
const incoming = 'incoming';
const state = 'session-state';

/** A closing client loses one frame, and the counts that follow arrive late or not at all. */
const closedAfterRemoval: Partial<Profile> = {
  cut: 0.9,
  swallow: 0.5,
  deadOnOpening: 0,
  lose: 0.3,
  late: 0.15,
  latencyMs: 150,
  heartbeatMs: 8000,
  twoNodes: false,
  rollback: false,
  outageMs: 0,
  handOver: 'never',
  takesHeads: true,
  slow: 0,
  blind: true,
  remove: true,
  removeChance: 0.3,
  closeEarly: true,
  closeAt: 500,
  closer: 'client',
  rateMs: 100,
  early: 2,
};

const clientSessionState = 'client-state';
const clientEnd = 'proven-end';

/**
 * Faults of the counts at the server, or at both ends. The same faults of the client have the same names without the
 * suffix.
 */
export const serverMutants: readonly Mutant[] = [
  mutant(
    'SN-6 acknowledges on receipt, at the server',
    300,
    incoming,
    'this.#ackSentBytes = this.#settledBytes;\n    return this.#settled;',
    'this.#ackSentBytes = this.#settledBytes;\n    return this.#received;',
  ),
  mutant(
    'SN-6 acknowledges one message too many, at the server',
    300,
    incoming,
    'this.#ackSentBytes = this.#settledBytes;\n    return this.#settled;',
    'this.#ackSentBytes = this.#settledBytes;\n    return this.#settled + 1;',
  ),
  mutant(
    'SN-5 keeps the maximum of the received counts, at the server',
    5000,
    outgoing,
    'this.#peerReceived = received;',
    'this.#peerReceived = Math.max(this.#peerReceived, received);',
  ),
  {
    name: 'SN-5 does not check the counts, at both ends',
    within: 300,
    patches: [
      {
        file: clientSessionState,
        find: 'ack <= received &&\n      received <= this.#written &&\n      seen <= this.#settled &&',
        put: '',
      },
      { file: outgoing, find: 'if (ack > received || received > this.#written) return false;', put: '' },
      { file: incoming, find: 'if (seen > this.#settled) return false;', put: '' },
    ],
  },
  mutant('SN-5 does not check the received count, at the server', 1000, outgoing, ' || received > this.#written', ''),
  mutant(
    'SN-5 does not check the seen count, at the server',
    300,
    incoming,
    'if (seen > this.#settled) return false;',
    '',
  ),
  mutant(
    'SN-5 does not check the checksum, at the server',
    300,
    outgoing,
    'received < this.#acked || this.#sumTo(received) >>> 0 === sum',
    'true',
  ),
  mutant(
    'SN-5 does not advance the acknowledged checksum, at the server',
    300,
    outgoing,
    'this.#ackedSum = ack === received ? sum : this.#sumTo(ack);',
    '',
  ),
  mutant(
    'SN-5 lets the acknowledged count decrease, at the server',
    300,
    outgoing,
    'if (ack <= this.#acked) return false;',
    'this.#acked = ack;\n    if (ack >= 0) return false;',
  ),
  mutant(
    'SN-2 accepts repeated messages, at the server',
    300,
    incoming,
    "if (number <= this.#received) return 'repeated';\n    if (number > this.#received + 1) return 'gap';",
    "if (number > this.#received + 1) return 'gap';",
  ),
  mutant(
    'SN-22 writes one message beyond the window, at the server',
    300,
    outgoing,
    'this.#allowed - this.#acked < messages',
    'this.#allowed - this.#acked <= messages',
  ),
  mutant(
    'SN-22 ignores the byte limit of the window, at the server',
    300,
    outgoing,
    'if (next > bytes && this.#allowed > this.#acked) return;',
    '',
  ),
  mutant(
    'SN-22 treats a full window as hostile, at the server',
    300,
    incoming,
    'number - this.#settled > messages',
    'number - this.#settled >= messages',
  ),
  mutant('SN-22 never frees the window, at the server', 300, outgoing, 'this.#allowedBytes -= bytes;', ''),
  mutant(
    'SN-22 never frees the bytes of a message, at the server',
    300,
    incoming,
    'this.#unsettledBytes -= byteLength;',
    '',
  ),
  mutant(
    'SN-5 computes an order-independent checksum, at the server',
    300,
    incoming,
    'this.#sum = addToSum(this.#sum, message.hash);',
    'this.#sum = (this.#sum + message.hash) | 0;',
  ),
  {
    name: 'SN-4 closes cleanly when messages are only received, at both ends',
    within: 300,
    patches: [
      { file: clientEnd, find: 'sent, settled } = state', put: 'sent, received: settled } = state' },
      { file: incoming, find: 'if (this.#settled !== this.#last)', put: 'if (this.#received !== this.#last)' },
    ],
  },
  {
    name: 'SN-4 does not compare the final checksums, at both ends',
    within: 300,
    profile: closedAfterRemoval,
    patches: [
      { file: clientEnd, find: "if (lastSum !== checksum) return 'lost';", put: '' },
      { file: incoming, find: 'this.#lastSum === undefined || this.#lastSum === this.sum', put: 'true' },
    ],
  },
  mutant(
    'SN-4 closes cleanly before everything is acknowledged, at the server',
    300,
    state,
    "ended === 'all' && this.outgoing.acked === this.outgoing.sent",
    "ended === 'all'",
  ),
  mutant(
    'SN-4 states the written count as `last`, at the server',
    300,
    state,
    'last: outgoing.sent,',
    'last: outgoing.written,',
  ),
  mutant(
    'SN-4 reports everything as acknowledged, at the server',
    300,
    state,
    'acknowledged: acked, sent, unknown: sent - acked',
    'acknowledged: sent, sent, unknown: 0',
  ),
];
