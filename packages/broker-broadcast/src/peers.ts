import { type BrokerFrame, splitRecords } from './frames.js';
import { PartialRecords } from './partial-records.js';
import { continues, createPeer, isNew, noteBeat, type Peer } from './peer.js';

/** Ticks without a frame after which a peer counts as gone. */
const SILENT_MAX = 5;
/** Ticks between two gap reports while a peer is gone, and ticks after which a gone peer is forgotten. */
const GONE_LOOK = 60;
const GONE_MAX = 900;
/** Maximum peers. When exceeded, the oldest is evicted. Without signed frames, its next frame is that of a new peer. */
const PEERS_MAX = 256;
/** Maximum former peers that are remembered, so that copies of their frames are recognized. */
const FORMER_MAX = 1_024;
/** Ticks in which a peer should be proven: each heartbeat of the peer can do it. */
const PROOF_TICKS = 3;

/** Options of `Peers`. */
export interface PeersOptions {
  /** The name of this node if frames are signed; otherwise `null`. */
  readonly signedName: string | null;
  /** Called with each record (encoded publication) once, in the order of its sender. */
  readonly onRecord: (record: Buffer) => void;
  /** Called when publications of a peer may have been lost. */
  readonly onGap: () => void;
  /**
   * Called with the number of gone peers, at each change. A peer is gone if its frames ended without an `end` frame.
   */
  readonly onGone: (count: number) => void;
  /** Called when signed frames come from a node that is not known: a heartbeat must be sent, which names it. */
  readonly onMet: () => void;
  /** Called with the number of frames that were dropped because their sender does not prove that it is running. */
  readonly onUnproven: (count: number) => void;
}

/**
 * Tracks the other nodes (peers) by their frames. Each frame and heartbeat has a number, which reveals whether an
 * earlier frame is missing. A frame that arrives after its loss was reported is dropped. A peer that is gone may still
 * publish to nodes that can receive it. Therefore a gap is reported every 60 ticks, until the peer's frames arrive
 * again or it was gone for 900 ticks.
 *
 * If frames are signed, a copy of an earlier frame has no effect: the records of a peer count only after one of its
 * heartbeats has named this node, and then each number once.
 */
export class Peers {
  readonly #options: PeersOptions;
  readonly #peers = new Map<string, Peer>();
  /** Proven peers that are no longer in `#peers`, if frames are signed; oldest first. */
  readonly #former = new Map<string, Peer>();
  /** Ticks since each peer counts as gone. */
  readonly #gone = new Map<string, number>();
  readonly #partial: PartialRecords;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#partial = new PartialRecords(options.onGap);
  }

  /**
   * Processes a frame of another node.
   *
   * @throws RangeError when the body is malformed
   */
  receive(frame: BrokerFrame): void {
    const peer = this.#options.signedName === null ? this.#meet(frame.from) : this.#meetSigned(frame);
    if (peer === null) return;
    peer.silentFor = 0;
    if (peer.isProven) {
      this.#accept(peer, frame);
      return;
    }
    if (hasRecords(frame)) peer.dropped += 1;
    if (frame.kind !== 'end') return;
    if (peer.dropped > 0) this.#options.onUnproven(peer.dropped);
    this.#forget(frame.from);
  }

  /** Returns the sender of a signed frame; `null` if the frame is a copy of an earlier one. */
  #meetSigned(frame: BrokerFrame): Peer | null {
    const { from, kind, body } = frame;
    const known = this.#peers.get(from) ?? this.#former.get(from);
    if (known !== undefined && !isNew(known, frame)) return null;
    const peer = this.#meet(from);
    if (kind === 'beat') noteBeat(peer, body, this.#options.signedName ?? '');
    if (known === undefined) this.#options.onMet();
    return peer;
  }

  #accept(peer: Peer, frame: BrokerFrame): void {
    const { kind, from, number } = frame;
    const wasGone = this.#gone.delete(from);
    if (wasGone) this.#options.onGone(this.#gone.size);
    if (!continues(peer, number)) {
      this.#missed(from);
      return;
    }
    const before = peer.number;
    peer.number = Math.max(before, number);
    const next = hasRecords(frame) ? before + 1 : before;
    // A peer that was gone may have published to nodes that could receive it.
    if (wasGone || number > next) this.#missed(from);
    if (kind === 'end') this.#forget(from);
    if (hasRecords(frame) && number > before) this.#deliver(frame);
  }

  #deliver({ kind, from, body }: BrokerFrame): void {
    if (kind === 'records') {
      for (const record of splitRecords(body)) this.#options.onRecord(record);
      return;
    }
    const record = this.#partial.add(from, kind, body);
    if (record !== null) this.#options.onRecord(record);
  }

  /** Whether no other node is known, not even a gone one. */
  get isEmpty(): boolean {
    return this.#peers.size + this.#gone.size === 0;
  }

  /** The names of the known nodes, the newest first. */
  get names(): readonly string[] {
    return [...this.#peers.keys()].reverse();
  }

  /** Advances the clock. The caller must call this once per heartbeat. */
  tick(): void {
    for (const [from, peer] of this.#peers) {
      peer.silentFor += 1;
      if (!peer.isProven) this.#awaitProof(peer);
      if (peer.silentFor <= SILENT_MAX) continue;
      this.#forget(from);
      if (peer.isProven) this.#takeForGone(from);
    }
    for (const [from, ticks] of this.#gone) {
      this.#gone.set(from, ticks + 1);
      if (ticks > 0 && ticks % GONE_LOOK === 0) this.#options.onGap();
      if (ticks >= GONE_MAX && this.#gone.delete(from)) this.#options.onGone(this.#gone.size);
    }
  }

  #awaitProof(peer: Peer): void {
    peer.unprovenFor += 1;
    if (peer.unprovenFor <= PROOF_TICKS || peer.dropped === 0) return;
    this.#options.onUnproven(peer.dropped);
    peer.dropped = 0;
  }

  #takeForGone(from: string): void {
    const [first] = this.#gone.keys();
    if (this.#gone.size >= PEERS_MAX && first !== undefined) this.#gone.delete(first);
    this.#gone.set(from, 0);
    this.#options.onGone(this.#gone.size);
    this.#options.onGap();
  }

  /**
   * Starts to count the ticks without a frame again for every peer, after a time in which this node could not receive
   * anything.
   */
  excuse(): void {
    for (const peer of this.#peers.values()) peer.silentFor = 0;
  }

  /** Returns the peer of this name, which is now known. */
  #meet(from: string): Peer {
    const known = this.#peers.get(from);
    if (known !== undefined) return known;
    const [first] = this.#peers.keys();
    if (this.#peers.size >= PEERS_MAX && first !== undefined) {
      this.#missed(first);
      this.#forget(first);
    }
    const peer = this.#former.get(from) ?? createPeer(this.#options.signedName === null);
    this.#former.delete(from);
    this.#peers.set(from, peer);
    return peer;
  }

  /** Drops a peer. Remembers it as a former one if copies of its frames could otherwise take effect. */
  #forget(from: string): void {
    const peer = this.#peers.get(from);
    this.#peers.delete(from);
    this.#partial.drop(from);
    if (this.#options.signedName === null || !peer?.isProven) return;
    const [first] = this.#former.keys();
    if (this.#former.size >= FORMER_MAX && first !== undefined) this.#former.delete(first);
    this.#former.set(from, peer);
  }

  #missed(from: string): void {
    this.#partial.drop(from);
    this.#options.onGap();
  }
}

/** Returns whether a frame has a number of its own. */
function hasRecords({ kind }: BrokerFrame): boolean {
  return kind !== 'beat' && kind !== 'end';
}
