/** Carries frames from each node of an installation to all others: a connection to a message service. */
export interface BrokerCarrier {
  /** The longest frame it accepts, bytes. */
  readonly frameBytesMax: number;
  /**
   * Sends frames in order; called again only after the promise has settled. Resolves when the service has accepted them; rejects, in bounded time, when some of
   * them may not have been accepted. A frame may be lost or be echoed to its sender, but it never arrives altered.
   */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** Receives each frame. Set once, by the broker, which may keep the buffer. */
  onFrame: ((frame: Buffer) => void) | null;
  /** Receives, at each change, whether the service is reachable. Set once, by the broker. A carrier begins with contact. */
  onContact: ((isThere: boolean) => void) | null;
  /** Closes the connection for good. */
  close(): Promise<void>;
}
