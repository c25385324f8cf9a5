import type { Message, Outgoing } from '@everywire/protocol/internal';

type Memory = Message['memory'];

/** What it looks at of a session. */
export interface Buffering {
  readonly machine: {
    readonly ledger: { readonly outgoing: Pick<Outgoing, 'bufferedAmount' | 'eachMemory'> };
    fail(code: string): void;
  };
}

export interface NodeBufferOptions {
  readonly bytesMax: number;
  readonly sessions: () => Iterable<Buffering>;
  readonly onNotice: (code: string, text: string) => void;
}

/**
 * Holds what all sessions of this node keep for their clients to its limit, in distinct bytes: what a thousand subscribers wait
 * for is there once (SN-27).
 *
 * No delivery is counted. What is kept can only grow by what is allocated, so it is counted anew when so much was allocated that
 * the limit may have been reached, a sixteenth of it at least: over all, a few look-ups for each kilobyte.
 */
export class NodeBuffer {
  readonly #options: NodeBufferOptions;

  constructor(options: NodeBufferOptions) {
    this.#options = options;
  }

  /** Ends the sessions that keep most until the rest fits. @returns bytes that may be allocated before the next look. */
  check(): number {
    const { bytesMax, sessions, onNotice } = this.#options;
    const holders = new Map<Memory, number>();
    for (const session of sessions()) {
      for (const memory of memoriesOf(session)) holders.set(memory, (holders.get(memory) ?? 0) + 1);
    }
    let bytes = 0;
    for (const memory of holders.keys()) bytes += memory.byteLength;
    if (bytes > bytesMax) {
      onNotice('node_full', `limits.nodeBufferBytesMax (${bytesMax}) is reached; the fullest sessions ended.`);
      const fullest = [...sessions()].sort((a, b) => amountOf(b) - amountOf(a));
      for (const session of fullest) {
        if (bytes <= bytesMax - bytesMax / 8) break;
        bytes -= freedBy(session, holders);
        session.machine.fail('overflow');
      }
    }
    return Math.max(bytesMax - bytes, bytesMax / 16);
  }
}

function amountOf({ machine }: Buffering): number {
  return machine.ledger.outgoing.bufferedAmount;
}

/** What would be free without this session. */
function freedBy(session: Buffering, holders: Map<Memory, number>): number {
  let bytes = 0;
  for (const memory of memoriesOf(session)) {
    const others = (holders.get(memory) ?? 0) - 1;
    holders.set(memory, others);
    if (others === 0) bytes += memory.byteLength;
  }
  return bytes;
}

/** Messages lie many to a slab, and each keeps the whole of it. */
function memoriesOf({ machine }: Buffering): ReadonlySet<Memory> {
  const memories = new Set<Memory>();
  machine.ledger.outgoing.eachMemory((memory) => void memories.add(memory));
  return memories;
}
