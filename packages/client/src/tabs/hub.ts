import { SharedSocket } from './shared-socket.js';
import { type GroupMessage, type HubMessage, hubChannel, type TabMessage, tabChannel } from './words.js';

/** A tab that uses the hub, as the hub sees it. */
interface Guest {
  readonly words: BroadcastChannel;
  readonly channels: Map<number, { readonly sharedSocket: SharedSocket; readonly number: number }>;
}

/**
 * Connects to the server for all tabs of a group (of one origin and server) while its tab holds the Web Lock of the
 * group.
 */
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

  /**
   * Stops this hub, because another hub leads. Closes the connections; the sessions reconnect through the other hub.
   */
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
    // The tab holds this lock while it exists, so the hub gets it when the tab is gone.
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
 * Waits for the lock of the group and then leads the group. After losing the lock, waits for it again.
 *
 * @param steal whether to take the lock from its holder, because the holder does not answer
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
    // A hub that stole the lock need not wait again, because its earlier request is still in the queue.
    if (!steal) await lead(group, false, after);
  }
}
