import type { ChannelRecord, LinkEnd, MessageSource, ServerLink, ServerRecord } from '@everywire/protocol/internal';
import type { LinkFacts } from '../gathering/link-host.js';

/** The link that several channels share, as seen by the channels. */
export interface ChannelHost {
  /** Creates the machine's end of a new channel. */
  linkOf(channel: Channel): ServerLink;
  sayRecord(record: ServerRecord | ChannelRecord): void;
  sayMessages(source: MessageSource, first: number, last: number): void;
  /** Called when the last channel has ended. */
  close(reason: LinkEnd): void;
}

/**
 * The part of a link that belongs to one session. Number 0 is the session with which the link began; others count from
 * 1.
 */
export class Channel {
  readonly number: number;
  readonly link: ServerLink;
  /** `null` after `open` or `attach`. */
  facts: LinkFacts | null;
  /** The counts of the last acknowledgement that contained news. */
  counts = 0;
  /** The peer's counter when it last switched to this channel. */
  brought = -1;
  /** Whether an earlier check found the channel without a session. */
  overdue = false;
  readonly #channels: Channels;

  constructor(
    channels: Channels,
    channelHost: ChannelHost,
    number: number,
    facts: LinkFacts | null,
    link?: ServerLink,
  ) {
    this.#channels = channels;
    this.number = number;
    this.facts = facts;
    this.link = link ?? channelHost.linkOf(this);
  }

  writeRecord(record: ServerRecord): void {
    this.#channels.selectOutgoing(this.number).sayRecord(record);
  }

  writeMessages(source: MessageSource, first: number, last: number): void {
    this.#channels.selectOutgoing(this.number).sayMessages(source, first, last);
  }

  /** Called when the session machine does not use the channel any more. */
  end(reason: LinkEnd): void {
    this.#channels.end(this, reason);
  }
}

/** The channels of one link (SN-49): the current one in each direction, and all open ones. */
export class Channels {
  readonly #channelHost: ChannelHost;
  readonly #facts: LinkFacts;
  readonly #max: number;
  readonly #live = new Map<number, Channel>();
  /** The channel with number 0. */
  readonly own: Channel;
  /** The channel on which the peer sends; `null` if it has ended. */
  heard: Channel | null;
  /** The highest number that the peer has used for a channel. */
  #highest = 0;
  /** The number of the channel to which the latest output belongs. */
  #outgoing = 0;

  /** @param own the link's own part, number 0 @param max maximum number of open channels */
  constructor(channelHost: ChannelHost, facts: LinkFacts, own: ServerLink, max: number) {
    this.#channelHost = channelHost;
    this.#facts = facts;
    this.#max = max;
    this.own = new Channel(this, channelHost, 0, null, own);
    this.heard = this.own;
    this.#live.set(0, this.own);
  }

  /** Selects the channel for the next output. */
  selectOutgoing(number: number): ChannelHost {
    if (this.#outgoing !== number) this.#channelHost.sayRecord({ t: 'channel', n: number });
    this.#outgoing = number;
    return this.#channelHost;
  }

  /**
   * Returns the channel to which the peer switches. Creates it if the number is new.
   * @returns undefined for an ended channel or one above the limit, whose content is ignored
   */
  selectIncoming(number: number): Channel | undefined {
    if (number <= this.#highest) return this.#live.get(number);
    this.#highest = number;
    if (this.#live.size >= this.#max) {
      this.#channelHost.sayRecord({ t: 'channel', n: number, end: true });
      return undefined;
    }
    const channel = new Channel(this, this.#channelHost, number, this.#facts);
    this.#live.set(number, channel);
    return channel;
  }

  /** Handles the end of a channel by the peer. */
  drop(number: number, now: number): void {
    const channel = this.#live.get(number);
    if (channel === undefined) return;
    this.#live.delete(number);
    channel.link.ended(now);
    if (this.#live.size === 0) this.#channelHost.close('done');
  }

  end(channel: Channel, reason: LinkEnd): void {
    if (this.#live.get(channel.number) !== channel) return;
    this.#live.delete(channel.number);
    if (this.#live.size === 0) this.#channelHost.close(reason);
    else this.#channelHost.sayRecord({ t: 'channel', n: channel.number, end: true });
  }

  /** Handles the end of the link. */
  ended(now: number): void {
    const channels = [...this.#live.values()];
    this.#live.clear();
    for (const { link } of channels) link.ended(now);
  }

  get hasSession(): boolean {
    return [...this.#live.values()].some(({ link }) => link.session !== null);
  }

  /**
   * Ends channels without a session.
   *
   * @param once ends only those that an earlier check found
   * @returns whether a channel was found for the first time
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
