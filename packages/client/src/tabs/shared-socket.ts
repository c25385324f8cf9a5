import { channelsSuffix } from '@everywire/protocol/internal';

/** Receives the events of one channel of a shared socket. No event follows `ended` or `alone`. */
export interface SharedSocketEvents {
  opened(protocol: string): void;
  message(data: string | ArrayBuffer): void;
  ended(clean: boolean): void;
  /** Reports that the server does not support channels. The tab must connect by itself. */
  alone(): void;
}

/**
 * Start of a record that switches the channel: all following frames belong to the channel with its number. A message
 * that starts with this text is escaped (SN-16).
 */
const TURN = '\0{"t":"channel",';

/** One WebSocket that carries the sessions of several tabs, each in its own channel (SN-49). */
export class SharedSocket {
  /** Whether the socket is closed and accepts no further channel. */
  closed = false;
  readonly #socket: WebSocket;
  /** The open channels, by number. The head of channel 0 is part of the handshake. */
  readonly #channels = new Map<number, SharedSocketEvents>();
  /**
   * Channels that have received a message. If the server ends a channel without one, it does not accept the channel.
   */
  readonly #spoke = new Set<number>();
  /** Number of the next channel. */
  #next = 0;
  /** The channel to which the last written frame belongs. */
  #writing = 0;
  /** The channel to which the next received frame belongs. */
  #reading = 0;

  /** @param protocols includes the head of the first channel's session, if it has one */
  constructor(url: string, protocols: readonly string[]) {
    const shared = protocols.filter((name) => name.includes('.')).map((name) => name + channelsSuffix);
    const socket = new WebSocket(url, [...protocols, ...shared]);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#opened(socket.protocol);
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ wasClean }) => this.#ended(wasClean);
    this.#socket = socket;
  }

  /** Adds a channel. @returns its number */
  add(events: SharedSocketEvents): number {
    const number = this.#next++;
    this.#channels.set(number, events);
    if (number && this.#socket.readyState === WebSocket.OPEN) this.#begin(events, number);
    return number;
  }

  send(number: number, data: string | ArrayBuffer): void {
    if (!this.#channels.has(number) || this.closed) return;
    if (this.#writing !== number) this.#socket.send(`${TURN}"n":${number}}`);
    this.#writing = number;
    this.#socket.send(data);
  }

  /** Ends a channel whose tab has closed it or is gone. */
  end(number: number): void {
    if (!this.#channels.delete(number)) return;
    if (this.#channels.size === 0) this.close();
    else if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(`${TURN}"n":${number},"end":true}`);
  }

  /** Closes the WebSocket without events, because there are no tabs left. */
  close(): void {
    this.closed = true;
    this.#channels.clear();
    this.#socket.close();
  }

  #opened(protocol: string): void {
    const shared = protocol.endsWith(channelsSuffix);
    for (const [number, events] of [...this.#channels]) {
      if (number === 0) events.opened(shared ? protocol.slice(0, -channelsSuffix.length) : protocol);
      else this.#begin(events, number);
    }
    if (!this.#channels.has(0) && shared && !this.closed) this.#socket.send(`${TURN}"n":0,"end":true}`);
  }

  /** Begins another channel. Its head is sent in a frame, because the handshake carried the first channel's. */
  #begin(events: SharedSocketEvents, number: number): void {
    const { protocol } = this.#socket;
    if (protocol.endsWith(channelsSuffix)) events.opened(protocol.split('.', 2).join('.'));
    else {
      this.#channels.delete(number);
      events.alone();
    }
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data !== 'string' || !data.startsWith(TURN)) {
      this.#spoke.add(this.#reading);
      this.#channels.get(this.#reading)?.message(data);
      return;
    }
    const { n, end } = JSON.parse(data.slice(1)) as { n: number; end?: boolean };
    if (!end) {
      this.#reading = n;
      return;
    }
    const events = this.#channels.get(n);
    this.#channels.delete(n);
    if (this.#spoke.delete(n)) events?.ended(true);
    else events?.alone();
  }

  #ended(clean: boolean): void {
    this.closed = true;
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const events of channels) events.ended(clean);
  }
}
