import type { Counts } from '../counts.js';
import { readTyped } from '../typed-message.js';
import { AckWish } from './ack-wish.js';
import type { ClientLink } from './client-link.js';
import { ClientLinks } from './client-links.js';

/** What of the client's end has to do with being waited for, here or there (SN-30), and with typed messages (SN-31). */
export abstract class WaitedClient extends ClientLinks {
  /** What is waited for, here or there; `null` until there is something. */
  wish: AckWish | null = null;

  /** Somebody waits for this number to be acknowledged, and `io.counted` is called at every news; 0 for nobody. */
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

  /** Alone, `ClientStart` did not take note of what the server waits for. */
  protected assumeWish(): void {
    if (this.settled === this.ackTold) return;
    this.wish = new AckWish();
    this.wish.assume(this);
  }

  protected override openAnew(): void {
    if (this.wish) this.wish.told = 0;
    super.openAnew();
  }

  /** It went by as the array it is. */
  protected typed(link: ClientLink, items: unknown): void {
    const message = readTyped(items);
    if (message) this.message(link, message, this.now);
    else this.gap(link);
  }
}
