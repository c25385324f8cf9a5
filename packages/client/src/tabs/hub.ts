import { SharedSocket } from './shared-socket.js';
import { type GroupMessage, type HubMessage, hubChannel, type TabMessage, tabChannel } from './words.js';

/** State of the hub for one tab. */
interface Guest {
  readonly words: BroadcastChannel;
  readonly channels: Map<number, { readonly sharedSocket: SharedSocket; readonly number: number }>;
}

/** Connects for all tabs of a group while it holds the group's lock. */
class Hub {
  readonly #group: string;
  readonly #common: BroadcastChannel;
  readonly #words: BroadcastChannel;
  readonly #guests = new Map<string, Guest>();
  #sharedSocket: SharedSocket | undefined;

  constructor(group: string, id: number) {
    this.#group = group;
    this.#common = new BroadcastChannel(group);
    this.#words = new BroadcastChannel(hubChannel(group, id));
    const announce = (): void => this.#common.postMessage(id satisfies GroupMessage);
    this.#common.onmessage = ({ data }: MessageEvent<GroupMessage>) => data === 'ask' && announce();
    this.#words.onmessage = ({ data }: MessageEvent<[string, TabMessage]>) =>
      this.#take(this.#guestOf(data[0]), data[1]);
    announce();
  }

  /** Stops, because another hub leads. Its connections are cut, and the sessions reconnect there. */
  stop(): void {
    this.#common.close();
    this.#words.close();
    this.#sharedSocket?.close();
    for (const { words } of this.#guests.values()) words.close();
  }

  #take(guest: Guest, word: TabMessage): void {
    if (word === 'ping') {
      say(guest, 'pong');
      return;
    }
    const { socket, open, data, close } = word;
    if (open) this.#open(guest, socket, open);
    const channel = guest.channels.get(socket);
    if (!channel) return;
    if (data !== undefined) channel.sharedSocket.send(channel.number, data);
    if (!close) return;
    guest.channels.delete(socket);
    channel.sharedSocket.end(channel.number);
  }

  #guestOf(tab: string): Guest {
    const known = this.#guests.get(tab);
    if (known) return known;
    const name = tabChannel(this.#group, tab);
    const guest: Guest = { words: new BroadcastChannel(name), channels: new Map() };
    this.#guests.set(tab, guest);
    // The tab holds this lock while it lives.
    navigator.locks.request(name, () => {
      this.#guests.delete(tab);
      guest.words.close();
      for (const { sharedSocket, number } of guest.channels.values()) sharedSocket.end(number);
    });
    return guest;
  }

  #open(guest: Guest, socket: number, [url, protocols]: readonly [string, readonly string[]]): void {
    if (!this.#sharedSocket || this.#sharedSocket.closed) this.#sharedSocket = new SharedSocket(url, protocols);
    const last = (word: HubMessage): void => {
      guest.channels.delete(socket);
      say(guest, word);
    };
    const number = this.#sharedSocket.add({
      opened: (protocol) => say(guest, { socket, opened: protocol }),
      message: (data) => say(guest, { socket, data }),
      ended: (clean) => last({ socket, ended: clean }),
      alone: () => last({ socket, alone: true }),
    });
    guest.channels.set(socket, { sharedSocket: this.#sharedSocket, number });
  }
}

function say({ words }: Guest, word: HubMessage): void {
  words.postMessage(word);
}

/**
 * Leads the group once its lock is free, and waits for the lock again after losing it.
 *
 * @param steal take the lock, because its holder does not answer
 * @param after returns the number of the previous hub, if known
 * @returns rejects if the platform refuses locks
 */
export async function lead(group: string, steal = false, after: () => number = () => 0): Promise<void> {
  let hub: Hub | undefined;
  try {
    await navigator.locks.request(group, { steal }, () => {
      hub = new Hub(group, Math.max(Date.now(), after() + 1));
      return new Promise(() => undefined);
    });
  } catch (error) {
    if (!hub) throw error;
    hub.stop();
    // A hub that stole the lock still has an earlier request in the queue.
    if (!steal) await lead(group, false, after);
  }
}
