import { type Frame, splitRecords } from './frames.js';
import { RECORD_BYTES_MAX } from './records.js';

interface Peer {
  /** The highest number that came, or was told of. */
  number: number;
  /** Ticks since it was heard. */
  silentFor: number;
  /** What came of a record that is not whole yet; `null` where none has begun. */
  parts: Buffer[] | null;
  partBytes: number;
}

/** Ticks after which a peer that is not heard is taken for gone. */
const SILENT_MAX = 5;
/** Ticks between two looks for what a peer that is gone may be saying to others, and how long one is remembered. */
const GONE_LOOK = 60;
const GONE_MAX = 900;
/** Above, the one that was met first is met anew when it speaks again. */
const PEERS_MAX = 256;

export interface PeersOptions {
  /** Records of one peer come in its order, each once. */
  readonly onRecord: (record: Buffer) => void;
  /** Something of a peer may be missing. */
  readonly onGap: () => void;
  /** How many of them are not heard any more, without an `end`, at each change. */
  readonly onGone: (count: number) => void;
}

/**
 * The other nodes, by what they send. The number of each frame, and of each beat, says whether something before it is missing; one that is late comes after
 * that was told, and is passed over. A peer that falls silent without an `end` may have had something to say, and may be saying it still to who can receive it: members
 * look now and then, until it is heard again or was silent for a quarter of an hour.
 */
export class Peers {
  readonly #options: PeersOptions;
  readonly #peers = new Map<string, Peer>();
  /** Ticks since each was taken for gone. */
  readonly #gone = new Map<string, number>();

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** @throws RangeError where the frame brings no records */
  receive({ kind, from, number, body }: Frame): void {
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

  /** Nobody else is there. */
  get isEmpty(): boolean {
    return this.#peers.size + this.#gone.size === 0;
  }

  /** Call it at each beat of its own. */
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

  /** Nobody could be heard for a while: each has its time again. */
  excuse(): void {
    for (const peer of this.#peers.values()) peer.silentFor = 0;
  }

  #peerOf(from: string): Peer {
    const known = this.#peers.get(from);
    if (known !== undefined) return known;
    const [first] = this.#peers.keys();
    if (this.#peers.size >= PEERS_MAX && first !== undefined) this.#peers.delete(first);
    // What it sent before it was met is missing: nobody knows whether that was before this node was there.
    const peer = { number: 0, silentFor: 0, parts: null, partBytes: 0 };
    this.#peers.set(from, peer);
    return peer;
  }

  #missed(peer: Peer): void {
    peer.parts = null;
    this.#options.onGap();
  }

  #gather(peer: Peer, kind: Frame['kind'], part: Buffer): void {
    if (kind === 'firstPart') {
      peer.parts = [];
      peer.partBytes = 0;
    }
    // Its beginning is missing, which was told.
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
