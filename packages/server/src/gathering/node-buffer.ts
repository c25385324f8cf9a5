import type { Message, Outgoing } from '@everywire/protocol/internal';

type Memory = Message['memory'];

/** The parts of a session that `NodeBuffer` reads. */
export interface Buffering {
  readonly machine: {
    readonly flow: { readonly outgoing: Pick<Outgoing, 'bufferedAmount' | 'eachMemory'> };
    fail(code: string): void;
  };
}

/** Options of `NodeBuffer`. */
export interface NodeBufferOptions {
  readonly bytesMax: number;
  readonly sessions: () => Iterable<Buffering>;
  readonly onNotice: (code: string, text: string) => void;
}

/**
 * Limits the bytes that all sessions of this node buffer for their clients. A message that a thousand subscribers wait
 * for counts once (SN-27).
 *
 * The bytes are not counted at each delivery, which would be slow. They can only grow when memory is allocated for
 * messages. So they are counted again once enough was allocated that they may have reached the limit, but not before a
 * sixteenth of the limit was allocated.
 */
export class NodeBuffer {
  readonly #options: NodeBufferOptions;

  constructor(options: NodeBufferOptions) {
    this.#options = options;
  }

  /** Ends the fullest sessions until the rest fits. @returns bytes that may be allocated before the next check */
  check(): number {
    const { bytesMax, sessions, onNotice } = this.#options;
    const holders = new Map<Memory, number>();
    for (const session of sessions()) {
      for (const memory of memoriesOf(session)) holders.set(memory, (holders.get(memory) ?? 0) + 1);
    }
    let bytes = 0;
    for (const memory of holders.keys()) bytes += memory.byteLength;
    if (bytes > bytesMax) {
      onNotice('node_full', `limits.nodeBufferBytesMax (${bytesMax}) was reached; the fullest sessions were ended.`);
      const fullest = [...sessions()].sort((a, b) => amountOf(b) - amountOf(a));
      for (const session of fullest) {
        // Frees an eighth more than necessary, so that the next check does not end sessions again.
        if (bytes <= bytesMax - bytesMax / 8) break;
        bytes -= freedBy(session, holders);
        session.machine.fail('overflow');
      }
    }
    return Math.max(bytesMax - bytes, bytesMax / 16);
  }
}

function amountOf({ machine }: Buffering): number {
  return machine.flow.outgoing.bufferedAmount;
}

/** Returns the bytes that ending this session frees. */
function freedBy(session: Buffering, holders: Map<Memory, number>): number {
  let bytes = 0;
  for (const memory of memoriesOf(session)) {
    const others = (holders.get(memory) ?? 0) - 1;
    holders.set(memory, others);
    if (others === 0) bytes += memory.byteLength;
  }
  return bytes;
}

/**
 * Returns the memory blocks of a session's messages. Many messages share a block, and each keeps the whole block in
 * memory.
 */
function memoriesOf({ machine }: Buffering): ReadonlySet<Memory> {
  const memories = new Set<Memory>();
  machine.flow.outgoing.eachMemory((memory) => void memories.add(memory));
  return memories;
}
