import type { SocketLike } from '../transports/websocket.js';
import type { TabGroup } from './tab-group.js';

/** Replaces a WebSocket for a transport. The actual connection is in another tab or a worker (the hub). */
export class TabSocket implements SocketLike {
  binaryType: SocketLike['binaryType'] = 'arraybuffer';
  protocol = '';
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  readonly #group: TabGroup;
  readonly #number: number;

  constructor(group: TabGroup, url: string, protocols: readonly string[]) {
    this.#group = group;
    this.#number = group.add({
      begin: () => [url, protocols],
      opened: (protocol) => {
        this.protocol = protocol;
        this.onopen?.();
      },
      message: (data) => this.onmessage?.({ data }),
      ended: (wasClean) => this.onclose?.({ wasClean }),
    });
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    // Copies the bytes, because posting a view would send the whole buffer behind it.
    this.#group.send(this.#number, typeof data === 'string' ? data : data.slice().buffer);
  }

  close(): void {
    this.#group.remove(this.#number);
  }
}
