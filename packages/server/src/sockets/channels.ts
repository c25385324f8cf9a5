import type { ChannelRecord, LinkEnd, MessageSource, ServerLink, ServerRecord } from '@everywire/protocol/internal';
import type { LinkFacts } from '../gathering/link-host.js';

/** The link that channels share, as they see it. */
export interface Trunk {
  /** The machine's end of one more channel. */
  linkOf(channel: Channel): ServerLink;
  sayRecord(record: ServerRecord | ChannelRecord): void;
  sayMessages(source: MessageSource, first: number, last: number): void;
  /** The last channel has ended. */
  close(reason: LinkEnd): void;
}

/** One session's part of a link: numbers 1 and up. Number 0 is the link itself, which speaks for its own. */
export class Channel {
  readonly number: number;
  readonly link: ServerLink;
  /** Until `open` or `attach` came. */
  facts: LinkFacts | null;
  /** Of the last acknowledgement that brought something. */
  counts = 0;
  /** What the peer had brought when it turned to this channel last. */
  brought = -1;
  /** It was found without a session once. */
  overdue = false;
  readonly #channels: Channels;

  constructor(channels: Channels, trunk: Trunk, number: number, facts: LinkFacts | null, link?: ServerLink) {
    this.#channels = channels;
    this.number = number;
    this.facts = facts;
    this.link = link ?? trunk.linkOf(this);
  }

  writeRecord(record: ServerRecord): void {
    this.#channels.speak(this.number).sayRecord(record);
  }

  writeMessages(source: MessageSource, first: number, last: number): void {
    this.#channels.speak(this.number).sayMessages(source, first, last);
  }

  /** The machine has done with it. */
  end(reason: LinkEnd): void {
    this.#channels.end(this, reason);
  }
}

/** The channels of one link (SN-49): who speaks, who is heard, and which live. */
export class Channels {
  readonly #trunk: Trunk;
  readonly #facts: LinkFacts;
  readonly #max: number;
  readonly #live = new Map<number, Channel>();
  /** Number 0. */
  readonly own: Channel;
  /** The one that the peer speaks on; `null` where that has ended before. */
  heard: Channel | null;
  #highest = 0;
  #speaking = 0;

  /** @param own the link's own part, number 0 @param max how many may live at once */
  constructor(trunk: Trunk, facts: LinkFacts, own: ServerLink, max: number) {
    this.#trunk = trunk;
    this.#facts = facts;
    this.#max = max;
    this.own = new Channel(this, trunk, 0, null, own);
    this.heard = this.own;
    this.#live.set(0, this.own);
  }

  /** What is said next is said on this channel. */
  speak(number: number): Trunk {
    if (this.#speaking !== number) this.#trunk.sayRecord({ t: 'channel', n: number });
    this.#speaking = number;
    return this.#trunk;
  }

  /**
   * The channel that the peer turns to, begun where the number is new.
   * @returns undefined for one that has ended, or that is one too many: what comes on it is nobody's
   */
  hear(number: number): Channel | undefined {
    if (number <= this.#highest) return this.#live.get(number);
    this.#highest = number;
    if (this.#live.size >= this.#max) {
      this.#trunk.sayRecord({ t: 'channel', n: number, end: true });
      return undefined;
    }
    const channel = new Channel(this, this.#trunk, number, this.#facts);
    this.#live.set(number, channel);
    return channel;
  }

  /** The peer has done with it. */
  drop(number: number, now: number): void {
    const channel = this.#live.get(number);
    if (channel === undefined) return;
    this.#live.delete(number);
    channel.link.ended(now);
    if (this.#live.size === 0) this.#trunk.close('done');
  }

  end(channel: Channel, reason: LinkEnd): void {
    if (this.#live.get(channel.number) !== channel) return;
    this.#live.delete(channel.number);
    if (this.#live.size === 0) this.#trunk.close(reason);
    else this.#trunk.sayRecord({ t: 'channel', n: channel.number, end: true });
  }

  /** The link is gone. */
  ended(now: number): void {
    const channels = [...this.#live.values()];
    this.#live.clear();
    for (const { link } of channels) link.ended(now);
  }

  get hasSession(): boolean {
    return [...this.#live.values()].some(({ link }) => link.session !== null);
  }

  /**
   * Ends those that have no session.
   *
   * @param once only those that were found so before
   * @returns whether one was found for the first time
   */
  endUnattached(now: number, once: boolean): boolean {
    let waits = false;
    for (const channel of [...this.#live.values()]) {
      if (channel.link.session !== null) continue;
      if (channel.overdue || !once) {
        channel.link.ended(now);
        this.end(channel, 'done');
      } else {
        channel.overdue = true;
        waits = true;
      }
    }
    return waits;
  }
}
