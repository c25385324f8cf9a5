import { randomFraction, randomWords } from '../random.js';
import { lead } from './hub.js';
import { type GroupWord, hubChannel, type TabWord, tabChannel } from './words.js';

/** A hub is asked so often whether it lives, in milliseconds; one that has not answered until the next time is replaced. */
const askMs = 600;
/** Tabs do not replace it at the same moment. */
const askSpreadMs = 100;

/** What a hub says for one socket of this tab. */
export interface SocketEvents {
  /** There is a hub to begin at, and this is what it is told. */
  begin(): readonly [url: string, protocols: readonly string[]];
  opened(protocol: string): void;
  message(data: string | ArrayBuffer): void;
  /** Once, and last. */
  ended(clean: boolean): void;
}

/** One tab among those that share a connection: finds the hub, talks to it for this tab's sockets, and takes its place. */
export class TabGroup {
  /** False where the platform refuses what is needed. */
  readonly ready: Promise<boolean>;
  /** There was no channel left for this tab, or the server knows none: it connects by itself. */
  alone = false;
  readonly #name: string;
  readonly #tab = randomWords(2).join('-');
  /** Whether they have opened. */
  readonly #sockets = new Map<number, { readonly events: SocketEvents; opened: boolean }>();
  #lastSocket = 0;
  #common: BroadcastChannel | undefined;
  #hub: BroadcastChannel | undefined;
  #hubId = 0;
  #heard = true;
  #askedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string) {
    this.#name = name;
    this.ready = this.#join().then(
      () => true,
      () => false,
    );
  }

  /** @returns the socket's number */
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

  #say(word: TabWord): void {
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

  #lead(steal: boolean): void {
    lead(this.#name, steal, () => this.#hubId).catch(() => undefined);
  }

  #follow(hub: number): void {
    // One that was frozen for a while may still take itself for the hub.
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

  /** Ignores what is not a `HubWord`. */
  #take(word: unknown): void {
    const { socket: number, opened, data, ended, alone } = Object(word) as Readonly<Record<string, unknown>>;
    const socket = this.#sockets.get(number as number);
    if (socket || word === 'pong') this.#heard = true;
    if (!socket) return;
    if (typeof opened === 'string') {
      socket.opened = true;
      socket.events.opened(opened);
    } else if (typeof data === 'string' || data instanceof ArrayBuffer) socket.events.message(data);
    else if (typeof (alone ?? ended) === 'boolean') {
      if (alone) this.alone = true;
      this.#end(number as number, !!ended);
    }
  }

  /** Whether the hub lives; while nobody looks at this tab and nothing is begun, its session notices as on any link. */
  #ask(): void {
    this.#timer = undefined;
    const sockets = [...this.#sockets.values()];
    if (sockets.every(({ opened }) => opened && document.hidden)) {
      this.#heard = true;
      return;
    }
    const now = Date.now();
    // A timer that is late by as much means that this tab stood still itself.
    if (!this.#heard && now - this.#askedAt < 2 * askMs) this.#lead(true);
    this.#heard = false;
    this.#askedAt = now;
    if (this.#hub) this.#say('ping');
    else this.#common?.postMessage('ask' satisfies GroupWord);
    this.#timer = setTimeout(() => this.#ask(), askMs + randomFraction() * askSpreadMs);
  }
}
