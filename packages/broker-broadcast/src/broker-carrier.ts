/**
 * A connection to a message service, which carries frames from each server node of an installation to all other nodes.
 */
export interface BrokerCarrier {
  /** Maximum length of a frame, in bytes. */
  readonly frameBytesMax: number;
  /**
   * Sends frames in order. The caller must not call this again before the promise has settled. Resolves when the
   * service has accepted the frames. Rejects, in bounded time, when some of them may not have been accepted. A frame
   * may be lost, or may also arrive at its sender, but it never arrives altered.
   */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** Called with each received frame. Set once, by the broker, which may keep the buffer. */
  onFrame: ((frame: Buffer) => void) | null;
  /**
   * Called with whether the service is reachable, at each change. Set once, by the broker. At the beginning, the
   * service is reachable.
   */
  onContact: ((isThere: boolean) => void) | null;
  /** Closes the connection for good. */
  close(): Promise<void>;
}
