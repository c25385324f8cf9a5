/** What brings frames from each node of an installation to all others: a connection to a message service. */
export interface Carrier {
  /** The longest frame it takes. */
  readonly frameBytesMax: number;
  /**
   * Sends frames in their order; called again only after the promise has settled. Resolves when the service has taken them, and rejects, in bounded time, where
   * some of them may not have been taken. Frames may be lost, and come back to who sent them; whatever comes, comes unchanged.
   */
  send(frames: readonly Uint8Array[]): Promise<void>;
  /** Set once, by the broker. The frame is the broker's to keep. */
  onFrame: ((frame: Buffer) => void) | null;
  /** Set once, by the broker: whether the service can be reached, at each change. A carrier begins with contact. */
  onContact: ((isThere: boolean) => void) | null;
  close(): Promise<void>;
}
