// Over 300 lines, because it is one list of faults.
import { mutant, type PolicyMutant } from './mutant.js';
import type { Profile } from './profile.js';

// Files in packages/protocol/src/session that the faults change, without `.ts`.
const state = 'client-state';
const server = 'server-session';
const serverLinks = 'server-links';
const writing = 'server-writing';
const incoming = 'incoming';
const session = 'client-session';
const manager = 'link-manager';
const records = 'client-records';
const watch = 'upstream-check';
const requests = 'client-requests';

/** A network almost without faults. */
const calm: Partial<Profile> = {
  cut: 0,
  swallow: 0,
  lose: 0,
  duplicate: 0,
  late: 0,
  buffered: 0,
  slow: 0,
  rollback: false,
  remove: false,
  outageMs: 0,
  renewals: false,
  handOver: 'never',
};

/** Faults that break no guarantee but make a figure worse, such as the mean latency of messages. */
export const policyMutants: readonly PolicyMutant[] = [
  {
    ...mutant(
      'SN-4 does not repeat its counts',
      0,
      session,
      "return this.flow.closing !== 'no' && this.#now >= this.#closeSentAt + REPEAT_MS;",
      'return false;',
    ),
    profile: {},
    figure: 'closing',
    factor: 2,
    seeds: 60,
  },
  {
    ...mutant('SN-9 lets an attach with a lower number win', 0, serverLinks, 'return n < this.#top || (', 'return ('),
    profile: { late: 0.15, duplicate: 0.3 },
    figure: 'repeated',
    factor: 1.1,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-10 stops reading a superseded link',
      0,
      writing,
      "if (link.kind === 'duplex') links.retire",
      'if (now < 0) links.retire',
    ),
    profile: { ...calm, rateMs: 20 },
    figure: 'repeated',
    factor: 1.1,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-10 keeps sending on the old link',
      0,
      manager,
      'this.links.writeTo(link);',
      'if (!link) this.links.writeTo(link);',
    ),
    profile: { ...calm, rateMs: 20 },
    figure: 'carriers',
    factor: 1.1,
    seeds: 60,
  },
  {
    ...mutant(
      'SN-15 never doubts a silent link',
      0,
      watch,
      'now < this.#doubt.since +',
      'true || now < this.#doubt.since +',
    ),
    profile: { ...calm, swallow: 0.6, heartbeatMs: 8000, only: 'duplex', restless: false },
    figure: 'latency',
    factor: 1.3,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-10 attaches without a probe',
      0,
      'link-changes',
      "else if (link === manager.links.candidate) io.writeRecord(link, { t: 'probe', pad: '.'.repeat(PROBE_BYTES) });",
      '',
    ),
    profile: { ...calm, swallow: 1, deadOnOpening: 1, rateMs: 20 },
    figure: 'repeated',
    factor: 1.3,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-9 does not end a superseded link',
      0,
      server,
      'if (before !== null && before !== link) writing.supersede(this, before, former, this.#home.now);',
      '',
    ),
    profile: { ...calm },
    figure: 'left',
    factor: 10,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-7 repeats all unacknowledged messages',
      0,
      requests,
      'this.#next = Math.max(peerReceived, acked) + 1;',
      'this.#next = acked + 1;',
    ),
    profile: { ...calm, slow: 1 },
    figure: 'repeated',
    factor: 5,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-5 repeats all unacknowledged messages on a new link',
      0,
      server,
      'const out = Math.max(record.received, this.flow.outgoing.acked) + 1;',
      'const out = this.flow.outgoing.acked + 1;',
    ),
    profile: { ...calm, slow: 1 },
    figure: 'repeated',
    factor: 5,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-5 repeats all unacknowledged messages upstream on a new link',
      0,
      records,
      'link.out = Math.max(received, state.acked) + 1;',
      'link.out = state.acked + 1;',
    ),
    profile: { ...calm, slow: 1 },
    figure: 'repeated',
    factor: 1.3,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-12 has no backoff',
      0,
      'backoff',
      'return Math.min(longest, 50 * 2 ** failures) * (0.5 + this.#random() / 2);',
      'return 0;',
    ),
    profile: { ...calm, lose: 1, closeEarly: false, only: 'duplex', restless: false, quietFrom: 3000 },
    figure: 'carriers',
    factor: 1.05,
    seeds: 100,
  },
  {
    name: 'SN-6 acknowledges only with heartbeats',
    patches: [
      {
        file: state,
        find: 'const bytesDue = Math.min(down.bytes / 4, down.bytes - messageBytesMax);',
        put: "const bytesDue = down.bytes;\n    if (this.#closing === 'no') return false;",
      },
      {
        file: incoming,
        find: 'const bytesDue = Math.min(bytes / 4, bytes - this.#messageBytesMax);',
        put: 'const bytesDue = bytes;\n    if (!closing) return false;',
      },
    ],
    profile: { ...calm, rateMs: 20 },
    figure: 'latency',
    factor: 1.2,
    seeds: 100,
  },
  {
    name: 'SN-6 acknowledges each message separately',
    patches: [
      { file: state, find: 'unsent >= down.messages / 4', put: 'unsent >= 1' },
      { file: incoming, find: 'unsent >= messages / 4', put: 'unsent >= 1' },
    ],
    profile: { ...calm, only: 'stream', rateMs: 400, restless: false },
    figure: 'carriers',
    factor: 1.1,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-15 answers polls immediately',
      0,
      writing,
      'if (link.prompt || now',
      'if (now >= 0 || link.prompt || now',
    ),
    profile: { ...calm },
    figure: 'carriers',
    factor: 1.3,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-15 waits for a poll that did not reach the server',
      0,
      requests,
      'if (record.attached === false) this.#missing(link.since);',
      '',
    ),
    profile: { ...calm, only: 'poll', everyMs: 0, blind: false, lose: 0.03, heartbeatMs: 20_000, restless: false },
    figure: 'latency',
    factor: 1.1,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-15 does not notice a stream that lags',
      0,
      requests,
      'this.#behindSince = owed > received ? Math.min(this.#behindSince, now) : NEVER;',
      '',
    ),
    profile: { ...calm, only: 'stream', buffered: 0.9, heartbeatMs: 8000 },
    figure: 'latency',
    factor: 1.3,
    seeds: 200,
  },
  {
    ...mutant(
      'SN-6 does not acknowledge a blind body soon',
      0,
      serverLinks,
      'this.#urgentAt = now + this.#times.urgentMs;',
      '',
    ),
    profile: { ...calm, only: 'poll', blind: true, heartbeatMs: 8000, rateMs: 200 },
    figure: 'latency',
    factor: 1.15,
    seeds: 60,
  },
  {
    ...mutant(
      'SN-10 posts during a two-way attach',
      0,
      requests,
      'if (this.#body || awaited || now < this.#postAt',
      'if (this.#body || now < this.#postAt',
    ),
    profile: { ...calm, only: 'duplex', early: 12, restless: false, quietFrom: 1000 },
    figure: 'repeated',
    factor: 2,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-15 treats an answered poll as failed',
      0,
      session,
      "if (whole && link === manager.links.current && link.useful && link.kind !== 'duplex') manager.again(link);\n    else manager.fall(link);",
      'manager.fall(link);',
    ),
    profile: { ...calm, only: 'poll' },
    figure: 'latency',
    factor: 1.1,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-4 holds a poll while closing',
      0,
      writing,
      'if (!flow.isOpen) link.dueAt = Math.min(link.dueAt, now + urgentMs);',
      '',
    ),
    profile: { ...calm, heartbeatMs: 8000 },
    figure: 'closing',
    factor: 2,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-4 does not announce that it is closing',
      0,
      writing,
      'const sendsLast = !flow.isOpen && !link.lastSent;',
      'const sendsLast = false;',
    ),
    profile: { ...calm, heartbeatMs: 8000, closer: 'server' },
    figure: 'closing',
    factor: 3,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-15 opens a second link without a ping',
      0,
      watch,
      "return this.#doubt.state === 'asked' ? 'prove' : 'ask';",
      "return 'prove';",
    ),
    profile: { ...calm, only: 'duplex', restless: false, rateMs: 200 },
    figure: 'carriers',
    factor: 1.2,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-7 keeps a body in flight forever',
      0,
      'link-deadlines',
      'if (link.in > 0) return link.heardAt + heartbeatMs * 1.5;',
      "if (link.in > 0 || link.kind === 'post') return link.heardAt + heartbeatMs * 1.5;",
    ),
    profile: { lose: 0.3, heartbeatMs: 8000 },
    figure: 'latency',
    factor: 1.3,
    seeds: 100,
  },
  {
    ...mutant(
      'SN-34 polls without a pause',
      0,
      manager,
      'if (everyMs === 0) this.connect(transport);',
      'if (everyMs >= 0) this.connect(transport);',
    ),
    profile: { ...calm, only: 'poll', restless: false, rateMs: 200, everyMs: 2000, blind: false },
    figure: 'carriers',
    factor: 1.3,
    seeds: 60,
  },
];
