import { type BrokerFrame, splitRecords } from './frames.js';
import { RECORD_BYTES_MAX } from './records.js';

/** Another node of the installation, as this node sees it. */
interface Peer {
  /** The highest frame number that the peer has sent or announced. */
  number: number;
  /** Ticks (heartbeats of this node) since the peer's last frame. */
  silentFor: number;
  /** The received parts of a record that is not complete yet; `null` if there is none. */
  parts: Buffer[] | null;
  partBytes: number;
}

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

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /**
   * Processes a frame of another node.
   *
   * @throws RangeError when the body is not a list of records
   */
  receive({ kind, from, number, body }: BrokerFrame): void {
    const peer = this.#peerOf(from);
    peer.silentFor = 0;
    const brings = kind === 'beat' || kind === 'end' ? 0 : 1;
    const before = peer.number;
    peer.number = Math.max(before, number);
    if (this.#gone.delete(from)) this.#options.onGone(this.#gone.size);
    if (kind === 'end') this.#peers.delete(from);
    if (number > before + brings) this.#missed(peer);
    if (brings === 0 || number <= before) return;
    if (kind === 'records') for (const record of splitRecords(body)) this.#options.onRecord(record);
    else this.#gather(peer, kind, body);
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
      this.#peers.delete(from);
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
    if (this.#peers.size >= PEERS_MAX && first !== undefined) this.#peers.delete(first);
    // Starts at zero, so that frames that the peer sent before count as lost. This node may have been running already
    // when they were sent.
    const peer = { number: 0, silentFor: 0, parts: null, partBytes: 0 };
    this.#peers.set(from, peer);
    return peer;
  }

  #missed(peer: Peer): void {
    peer.parts = null;
    this.#options.onGap();
  }

  #gather(peer: Peer, kind: BrokerFrame['kind'], part: Buffer): void {
    if (kind === 'firstPart') {
      peer.parts = [];
      peer.partBytes = 0;
    }
    // Drops the part, because the first part of its record is missing. That was reported as a gap already.
    if (peer.parts === null) return;
    peer.parts.push(part);
    peer.partBytes += part.length;
    if (peer.partBytes > RECORD_BYTES_MAX) {
      this.#missed(peer);
      return;
    }
    if (kind !== 'lastPart') return;
    const record = Buffer.concat(peer.parts);
    peer.parts = null;
    this.#options.onRecord(record);
  }
}
