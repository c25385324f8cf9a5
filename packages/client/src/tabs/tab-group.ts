import { randomFraction, randomWords } from '../random.js';
import { lead } from './hub.js';
import { type GroupMessage, hubChannel, type TabMessage, tabChannel } from './words.js';

/**
 * Interval in milliseconds at which a tab pings the hub. If the hub has not answered by the next ping, the tab replaces
 * it.
 */
const ASK_MS = 600;
/** Maximum random addition to the interval, so that tabs do not replace a hub simultaneously. */
const ASK_SPREAD_MS = 100;

/** Receives the hub's events of one socket of this tab. */
export interface SocketEvents {
  /** Returns the parameters of the socket, which open it at a new hub. */
  begin(): readonly [url: string, protocols: readonly string[]];
  opened(protocol: string): void;
  message(data: string | ArrayBuffer): void;
  /** Reports the end, once and last. */
  ended(clean: boolean): void;
}

/**
 * Connects one tab to the hub, which is the tab or worker that holds the shared connection. Finds the hub, exchanges
 * the data of this tab's sockets with it, and replaces the hub if it fails.
 */
export class TabGroup {
  /** Resolves to whether the tab can share a connection. False if the platform refuses Web Locks. */
  readonly ready: Promise<boolean>;
  /**
   * Whether this tab must connect by itself, because all channels were taken or the server does not support channels.
   */
  alone = false;
  readonly #name: string;
  /** The random name of this tab. */
  readonly #tab = randomWords(2).join('-');
  /** The sockets of this tab, and whether they have opened. */
  readonly #sockets = new Map<number, { readonly events: SocketEvents; opened: boolean }>();
  /** Number of the last socket of this tab. */
  #lastSocket = 0;
  /** The channel of all tabs of the group. */
  #common: BroadcastChannel | undefined;
  /** The channel to the hub, which connects to the server for all tabs; `undefined` before a hub is known. */
  #hub: BroadcastChannel | undefined;
  /** Number of the hub that this tab uses; 0 before the first. */
  #hubId = 0;
  /** Whether the hub has shown since the last check that it is alive. */
  #heard = true;
  /** When the last check began, in milliseconds since the epoch. */
  #askedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string) {
    this.#name = name;
    this.ready = this.#join().then(
      () => true,
      () => false,
    );
  }

  /** Adds a socket. @returns its number */
  add(events: SocketEvents): number {
    const number = ++this.#lastSocket;
    this.#sockets.set(number, { events, opened: false });
    if (this.#hub) this.#say({ socket: number, open: events.begin() });
    if (!this.#timer) this.#ask();
    return number;
  }

  send(socket: number, data: string | ArrayBuffer): void {
    this.#say({ socket, data });
  }

  remove(socket: number): void {
    if (this.#sockets.delete(socket)) this.#say({ socket, close: true });
  }

  #say(word: TabMessage): void {
    this.#hub?.postMessage([this.#tab, word]);
  }

  async #join(): Promise<void> {
    const name = tabChannel(this.#name, this.#tab);
    await new Promise<void>((resolve, reject) => {
      const hold = (): Promise<never> => {
        resolve();
        return new Promise(() => undefined);
      };
      navigator.locks.request(name, hold).catch(reject);
    });
    this.#common = new BroadcastChannel(this.#name);
    this.#common.onmessage = ({ data }: MessageEvent<number>) => Number.isSafeInteger(data) && this.#follow(data);
    new BroadcastChannel(name).onmessage = ({ data }: MessageEvent<unknown>) => this.#take(data);
    document.addEventListener('visibilitychange', () => this.#timer || this.#ask());
    this.#lead(false);
  }

  /** Requests to become the hub of the group. `steal`: takes over from a hub that does not answer. */
  #lead(steal: boolean): void {
    lead(this.#name, steal, () => this.#hubId).catch(() => undefined);
  }

  /** Uses this hub from now on. The sockets of a previous hub end, and their sessions reconnect. */
  #follow(hub: number): void {
    // Ignores a hub with a lower number: it was frozen for a while and may still consider itself the leader.
    if (hub < this.#hubId) return;
    this.#heard = true;
    if (hub === this.#hubId) return;
    const before = this.#hub;
    before?.close();
    this.#hub = new BroadcastChannel(hubChannel(this.#name, hub));
    this.#hubId = hub;
    for (const [socket, { events }] of [...this.#sockets]) {
      if (before) this.#end(socket, false);
      else this.#say({ socket, open: events.begin() });
    }
  }

  #end(number: number, clean: boolean): void {
    const socket = this.#sockets.get(number);
    this.#sockets.delete(number);
    socket?.events.ended(clean);
  }

  /** Handles a message from the hub. Ignores any value that is not a `HubMessage`. */
  #take(word: unknown): void {
    const { socket: number, opened, data, ended, alone } = Object(word) as Readonly<Record<string, unknown>>;
    const socket = this.#sockets.get(number as number);
    if (socket || word === 'pong') this.#heard = true;
    if (!socket) return;
    if (typeof opened === 'string') {
      socket.opened = true;
      socket.events.opened(opened);
    } else if (typeof data === 'string' || (data as ArrayBuffer | undefined)?.byteLength !== undefined)
      socket.events.message(data as ArrayBuffer);
    else if (typeof (alone ?? ended) === 'boolean') {
      if (alone) this.alone = true;
      this.#end(number as number, !!ended);
    }
  }

  /**
   * Checks whether the hub is alive. A hidden tab whose sockets are open does not check, because its sessions detect a
   * dead link by themselves.
   */
  #ask(): void {
    this.#timer = undefined;
    const sockets = [...this.#sockets.values()];
    if (sockets.every(({ opened }) => opened && document.hidden)) {
      this.#heard = true;
      return;
    }
    const now = Date.now();
    // If the timer is late by `ASK_MS` or more, this tab was suspended, so the missing answer proves nothing.
    if (!this.#heard && now - this.#askedAt < 2 * ASK_MS) this.#lead(true);
    this.#heard = false;
    this.#askedAt = now;
    if (this.#hub) this.#say('ping');
    else this.#common?.postMessage('ask' satisfies GroupMessage);
    this.#timer = setTimeout(() => this.#ask(), ASK_MS + randomFraction() * ASK_SPREAD_MS);
  }
}
