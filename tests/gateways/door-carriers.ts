import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Listening } from '../server/hand-client.js';

// The carriers of the clients in `doors.ts`: a WebSocket, a stream, or one poll after the other.

/** A client at one of the doors. */
export interface DoorClient {
  /** The status of a refused request; 0 if none was refused. */
  status: number;
  /** Whether the server has admitted the client. */
  isIn: boolean;
  /** Whether the server has refused or ended the client. */
  isOut: boolean;
  /** The received messages. */
  readonly got: string[];
  /** Whether the test has stopped the client from reading. */
  isStalled: boolean;
  /** Sends a message; absent for a client that only listens. */
  send?(text: string): Promise<void>;
  /** Ends the connection without a farewell. */
  leave(): void;
}

/** Begins a client with this token, at this address. Resolves when the request was sent. */
export type Door = (server: Listening, token: string, address?: string) => Promise<DoorClient>;

export function headersOf(token: string, address: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-forwarded-for': address };
}

function createClient(leave: () => void): DoorClient {
  const client: DoorClient = { status: 0, isIn: false, isOut: false, isStalled: false, got: [], leave };
  onTestFinished(() => leave());
  return client;
}

/** Begins a client over a WebSocket. `onText` handles what arrives. */
export async function overWebSocket(
  url: string,
  headers: Record<string, string>,
  protocols: readonly string[],
  onText: (client: DoorClient, text: string, socket: WebSocket) => void,
): Promise<{ readonly client: DoorClient; readonly socket: WebSocket }> {
  const socket = new WebSocket(url.replace('http', 'ws'), [...protocols], { headers });
  const client = createClient(() => socket.terminate());
  socket.on('message', (data) => {
    onText(client, String(data), socket);
    if (client.isStalled) socket.pause();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    client.isOut = true;
  });
  await new Promise<void>((resolve) => {
    socket.on('open', resolve);
    socket.on('unexpected-response', (_request, { statusCode }) => {
      client.status = statusCode ?? 0;
      client.isOut = true;
      resolve();
    });
  });
  return { client, socket };
}

/** Begins a client over a streaming response, or a series of them. `onText` gets the whole text so far. */
export async function overStream(
  url: string,
  init: RequestInit,
  onText: (client: DoorClient, text: string) => void,
  isSeries = false,
): Promise<DoorClient> {
  const abort = new AbortController();
  const client = createClient(() => abort.abort());
  let text = '';
  const readAnswer = async (): Promise<void> => {
    const response = await fetch(url, { ...init, signal: abort.signal });
    if (response.status !== 200) client.status = response.status;
    for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      text += Buffer.from(piece).toString();
      if (client.status === 0) onText(client, text);
      if (client.isStalled) await once(abort.signal, 'abort');
    }
  };
  const read = async (): Promise<void> => {
    do await readAnswer();
    while (isSeries && client.isIn && !client.isOut);
  };
  read()
    .catch(() => undefined)
    .then(() => {
      client.isOut = true;
    });
  return client;
}

/** Begins a client that asks for one answer after the other until it leaves or is out. `onAnswer` gets each body. */
export async function overPolls(
  poll: () => Promise<Response>,
  onAnswer: (client: DoorClient, body: string) => void,
): Promise<DoorClient> {
  let hasLeft = false;
  const client = createClient(() => {
    hasLeft = true;
  });
  const read = async (): Promise<void> => {
    while (!hasLeft && !client.isOut && !client.isStalled) {
      const response = await poll();
      if (response.status !== 200) client.isOut = true;
      if (response.status !== 200) client.status = response.status;
      else onAnswer(client, await response.text());
    }
  };
  read().catch(() => {
    client.isOut = true;
  });
  return client;
}
