import type { Counts } from '../counts.js';
import { AckWish } from './ack-wish.js';
import type { ServerSessionIo } from './contract.js';
import { RunSession } from './run-session.js';

/** What of the server's end has to do with being waited for: its own messages by the application here, the client's there (SN-30). */
export abstract class WaitedSession extends RunSession {
  /** What the client can do beyond the first version, as in `open`. */
  features = '';
  /** What is waited for, here or there; `null` until there is something. */
  wish: AckWish | null = null;
  /** The application's side, which a tombstone has none of. */
  abstract io: ServerSessionIo;

  /** Somebody waits for this number to be acknowledged, and is told of every news; 0 for nobody. */
  want(number: number): void {
    if (this.done) return;
    this.wish ??= new AckWish();
    if (number > this.wish.wanted) this.touch();
    this.wish.wanted = number;
  }

  override counts(): Counts {
    const counts = super.counts();
    return this.wish?.addTo(counts, this) ?? counts;
  }

  override ackDue(): boolean {
    return super.ackDue() || this.wish?.due(this) === true;
  }

  protected override learn(counts: Counts): boolean {
    if (counts.want !== undefined) this.wish ??= new AckWish();
    this.wish?.note(counts);
    const alive = super.learn(counts);
    if (alive && this.wish?.wanted) this.io.counted?.();
    return alive;
  }
}
