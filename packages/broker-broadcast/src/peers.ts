import { type BrokerFrame, splitRecords } from './frames.js';
import { PartialRecords } from './partial-records.js';

/** Another node of the installation, as this node sees it. */
interface Peer {
  /** The highest frame number that the peer has sent or announced. */
  number: number;
  /** Ticks (heartbeats of this node) since the peer's last frame. */
  silentFor: number;
  /** The number of the last frame, if it was refused because it does not continue from `number`; otherwise `null`. */
  jumpedTo: number | null;
}

/**
 * Maximum distance between the numbers of two frames of a peer. A frame beyond it is refused, because a single one with
 * a high number would make all later frames of the peer look late. If the next frame continues from it, the peer did
 * jump, and its number is adopted.
 */
const JUMP_MAX = 2 ** 20;

/** Ticks without a frame after which a peer counts as gone. */
const SILENT_MAX = 5;
/** Ticks between two gap reports while a peer is gone, and ticks after which a gone peer is forgotten. */
const GONE_LOOK = 60;
const GONE_MAX = 900;
/** Maximum peers. When exceeded, the oldest is evicted, and its next frame is treated as that of a new peer. */
const PEERS_MAX = 256;

/** Callbacks of `Peers`. */
export interface PeersOptions {
  /** Called with each record (encoded publication) once, in the order of its sender. */
  readonly onRecord: (record: Buffer) => void;
  /** Called when publications of a peer may have been lost. */
  readonly onGap: () => void;
  /**
   * Called with the number of gone peers, at each change. A peer is gone if its frames ended without an `end` frame.
   */
  readonly onGone: (count: number) => void;
}

/**
 * Tracks the other nodes (peers) by their frames. Each frame and heartbeat has a number, which reveals whether an
 * earlier frame is missing. A frame that arrives after its loss was reported is dropped. A peer that is gone may still
 * publish to nodes that can receive it. Therefore a gap is reported every 60 ticks, until the peer's frames arrive
 * again or it was gone for 900 ticks.
 */
export class Peers {
  readonly #options: PeersOptions;
  readonly #peers = new Map<string, Peer>();
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
   * @throws RangeError when the body is not a list of records
   */
  receive({ kind, from, number, body }: BrokerFrame): void {
    const peer = this.#peerOf(from);
    peer.silentFor = 0;
    if (this.#gone.delete(from)) this.#options.onGone(this.#gone.size);
    if (!continues(peer, number)) {
      this.#missed(from);
      return;
    }
    const brings = kind === 'beat' || kind === 'end' ? 0 : 1;
    const before = peer.number;
    peer.number = Math.max(before, number);
    if (number > before + brings) this.#missed(from);
    if (kind === 'end') this.#forget(from);
    if (brings === 0 || number <= before) return;
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

  /** Advances the clock. The caller must call this once per heartbeat. */
  tick(): void {
    for (const [from, peer] of this.#peers) {
      peer.silentFor += 1;
      if (peer.silentFor <= SILENT_MAX) continue;
      this.#forget(from);
      this.#takeForGone(from);
    }
    for (const [from, ticks] of this.#gone) {
      this.#gone.set(from, ticks + 1);
      if (ticks > 0 && ticks % GONE_LOOK === 0) this.#options.onGap();
      if (ticks >= GONE_MAX && this.#gone.delete(from)) this.#options.onGone(this.#gone.size);
    }
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

  #peerOf(from: string): Peer {
    const known = this.#peers.get(from);
    if (known !== undefined) return known;
    const [first] = this.#peers.keys();
    if (this.#peers.size >= PEERS_MAX && first !== undefined) this.#forget(first);
    // Starts at zero, so that frames that the peer sent before count as lost. This node may have been running already
    // when they were sent.
    const peer = { number: 0, silentFor: 0, jumpedTo: null };
    this.#peers.set(from, peer);
    return peer;
  }

  #forget(from: string): void {
    this.#peers.delete(from);
    this.#partial.drop(from);
  }

  #missed(from: string): void {
    this.#partial.drop(from);
    this.#options.onGap();
  }
}

/** Returns whether a number continues from the last one of its peer, and adopts a jump that the previous frame began. */
function continues(peer: Peer, number: number): boolean {
  const { jumpedTo } = peer;
  peer.jumpedTo = null;
  // The first frame may have any number, because the peer may have been running before this node.
  if (peer.number === 0 || Math.abs(number - peer.number) <= JUMP_MAX) return true;
  if (jumpedTo === null || number < jumpedTo || number - jumpedTo > JUMP_MAX) {
    peer.jumpedTo = number;
    return false;
  }
  peer.number = jumpedTo;
  return true;
}
