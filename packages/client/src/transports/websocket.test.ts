import { messageFromBytes, messageFromText, recordText } from '@everywire/protocol/internal';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attach, attached, createRecorder, createRequest } from '../test-kit/recorder.js';
import { connectWebSocket } from './websocket.js';

// Tests the transport over the browser's `WebSocket`. A recorder lists the reports of the carrier as texts.

/** Replaces the browser's WebSocket; a test triggers its events. */
class FakeWebSocket {
  static instances: FakeWebSocket[] = [];
  readonly url: string;
  readonly offered: readonly string[];
  protocol = '';
  readonly sent: unknown[] = [];
  binaryType = 'blob';
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { wasClean: boolean }) => void) | null = null;

  constructor(url: string, offered: readonly string[]) {
    this.url = url;
    this.offered = offered;
    FakeWebSocket.instances.push(this);
  }

  send(data: unknown): void {
    this.sent.push(data);
  }

  close(): void {
    this.closed = true;
  }
}

beforeEach(() => {
  FakeWebSocket.instances = [];
  vi.stubGlobal('WebSocket', FakeWebSocket);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

function open(): {
  readonly socket: FakeWebSocket;
  readonly carrier: ReturnType<typeof connectWebSocket>;
  readonly seen: string[];
} {
  const recorder = createRecorder();
  const carrier = connectWebSocket(createRequest('https://test/everywire'), recorder);
  return { socket: FakeWebSocket.instances[0]!, carrier, seen: recorder.seen };
}

describe('the WebSocket of a browser', () => {
  it('[SN-16.1] [TR-40.1] [TR-40.2] a browser’s WebSocket sends its first record as a subprotocol', () => {
    const { socket } = open();
    expect([socket.url, socket.binaryType]).toEqual(['wss://test/everywire/websocket', 'arraybuffer']);
    expect(socket.offered.slice(0, 2)).toEqual(['everywire.2', 'everywire.2.head']);
    expect(JSON.parse(atob(socket.offered[2]!))).toEqual(attach);
  });

  it.each([
    ['everywire.2.head', 'opened with its head'],
    ['everywire.2', 'opened'],
  ])('[TR-40.3] [TR-40.6] the subprotocol %s shows whether the record was accepted', (chosen, said) => {
    const { socket, seen } = open();
    socket.protocol = chosen;
    socket.onopen?.();
    expect(seen).toEqual([said]);
  });

  it.each([['~'], ['ë'], ['x'.repeat(3100)]])(
    '[TR-40.2] [TR-40.6] a token like %.1s is sent in a frame, not in the handshake',
    (token) => {
      connectWebSocket(
        { ...createRequest('https://test/x'), head: { t: 'open', nonce: 'n', token } },
        createRecorder(),
      );
      expect(FakeWebSocket.instances[0]!.offered).toEqual(['everywire.2']);
    },
  );

  it('[SN-16.2] [SN-16.3] [SN-16.4] a browser’s WebSocket reads records, escaped text and binary', () => {
    const { socket, seen } = open();
    socket.onopen?.();
    socket.onmessage?.({ data: recordText(attached) });
    socket.onmessage?.({ data: 'a' });
    socket.onmessage?.({ data: '\0\0nul' });
    socket.onmessage?.({ data: new Uint8Array([1, 2]).buffer });
    socket.onclose?.({ wasClean: true });
    expect(seen).toEqual(['opened', 'record attached', 'text a', 'text \0nul', 'binary 1 2', 'ended whole']);
  });

  it('[SN-16.2] [SN-16.3] [SN-16.4] a browser’s WebSocket writes records, escaped text and binary', () => {
    const { socket, carrier } = open();
    const bytes = new Uint8Array([1]);
    const all = [messageFromText('a'), messageFromText('\0nul'), messageFromBytes(bytes)];
    carrier.writeRecord?.(attach);
    carrier.writeMessages?.({ messageAt: (number) => all[number - 5]! }, 5, 7);
    expect(socket.sent).toEqual([recordText(attach), 'a', '\0\0nul', bytes]);
  });

  it('[SN-2.7] a browser’s WebSocket ends with `damaged` at an unreadable record', () => {
    const { socket, seen } = open();
    socket.onmessage?.({ data: '\0{' });
    expect(seen).toEqual(['ended broken damaged']);
    expect([socket.closed, socket.onmessage, socket.onclose]).toEqual([true, null, null]);
  });

  it('a closed WebSocket reports nothing', () => {
    const { socket, carrier, seen } = open();
    carrier.close();
    expect([socket.closed, socket.onopen, socket.onmessage, socket.onclose]).toEqual([true, null, null, null]);
    expect(seen).toEqual([]);
  });
});
