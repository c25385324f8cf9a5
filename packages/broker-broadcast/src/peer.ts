import { type BrokerFrame, decodeBeat } from './frames.js';

/** Another node of the installation, as this node sees it. */
export interface Peer {
  /** The highest frame number that the peer has sent or announced. */
  number: number;
  /** The number of the last frame, if it was refused because it does not continue from `number`; otherwise `null`. */
  jumpedTo: number | null;
  /** Ticks (heartbeats of this node) since the peer's last frame. */
  silentFor: number;
  /** The number of the last heartbeat, if frames are signed. */
  beat: number;
  /** Whether the peer has proved that it is running at the same time as this node, so that its frames count. */
  isProven: boolean;
  /** Ticks without a proof. */
  unprovenFor: number;
  /** Frames with records that were dropped without a proof, and are not reported yet. */
  dropped: number;
}

/**
 * Maximum distance between the numbers of two frames of a peer. A frame beyond it is refused, because a single one with
 * a high number would make all later frames of the peer look late. If the next frame continues from it, the peer did
 * jump, and its number is adopted.
 */
const JUMP_MAX = 2 ** 20;

/** Creates a peer that was just met. */
export function createPeer(isProven: boolean): Peer {
  // The number starts at zero, so that frames that the peer sent before count as lost. This node may have been running
  // already when they were sent.
  return { number: 0, jumpedTo: null, silentFor: 0, beat: 0, isProven, unprovenFor: 0, dropped: 0 };
}

/** Returns whether a number continues from the last one of its peer, and adopts a jump that the previous frame began. */
export function continues(peer: Peer, number: number): boolean {
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

/**
 * Returns whether a signed frame is not a copy of one that was received before. A copy proves nothing, not even that its
 * sender is still running. Copies of earlier runs of the peer's process come under another name, which is never proven.
 *
 * @throws RangeError if a heartbeat has no number
 */
export function isNew(peer: Peer, { kind, number, body }: BrokerFrame): boolean {
  if (kind === 'beat') return decodeBeat(body).count > peer.beat;
  return kind === 'end' ? number >= peer.number : number > peer.number;
}

/**
 * Notes the heartbeat of a peer. The peer is proven if it has heard this node: it signed the name of this node, which no
 * earlier run knew.
 */
export function noteBeat(peer: Peer, body: Buffer, ownName: string): void {
  const { count, heard } = decodeBeat(body);
  peer.beat = count;
  peer.isProven ||= heard.includes(ownName);
}
