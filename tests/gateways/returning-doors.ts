import { randomUUID } from 'node:crypto';
import type { Listening } from '../server/hand-client.js';
import { eventually, HandClient, post } from '../server/hand-client.js';
import { type DoorClient, headersOf, overStream, overWebSocket } from './door-carriers.js';
import { onFrame, onPacket, onStreamText } from './doors.js';

// Clients that lose their connection and return with whatever they have kept: an id, or an address with a ticket.

/** A client that can be away and return. */
export interface ReturningClient {
  /** Everything that it has received, on all its connections. */
  readonly got: readonly string[];
  /** The fate of the last connection. */
  readonly last: () => Pick<DoorClient, 'isIn' | 'isOut' | 'status'>;
  /** Loses the connection, or sends no further request. Resolves when the server knows. */
  goAway(): Promise<void>;
  /** Connects with what it has kept. */
  comeBack(): Promise<void>;
}

/** Connects a client; resolves when it is in. */
type ReturningDoor = (server: Listening, token: string) => Promise<ReturningClient>;

/** A client whose connections are made by `connect`. */
async function returning(server: Listening, connect: () => Promise<DoorClient>): Promise<ReturningClient> {
  const got: string[] = [];
  let current = await connect();
  await eventually(() => current.isIn);
  return {
    get got() {
      return [...got, ...current.got];
    },
    last: () => current,
    async goAway() {
      current.leave();
      await eventually(() => server.wire.rawLinks().length === 0);
    },
    async comeBack() {
      got.push(...current.got);
      current.leave();
      current = await connect();
    },
  };
}

async function ticketOf(server: Listening, token: string, kind: string): Promise<string> {
  const answer = await post(`${server.base}/raw-ticket`, { token, kind, topics: ['news'] });
  return ((await answer.json()) as { readonly ticket: string }).ticket;
}

const session: ReturningDoor = async (server, token) => {
  let kept: HandClient | null = null;
  return returning(server, async () => {
    const client = new HandClient(server.port, { authorization: `Bearer ${token}` });
    await client.opened();
    if (kept === null) {
      client.record({ t: 'open', version: 2, nonce: randomUUID() });
      await client.heard('opened');
      client.attach(1);
    } else {
      Object.assign(client.counts, kept.counts);
      client.attach(2, kept.id);
    }
    kept = client;
    const self: DoorClient = {
      status: 0,
      isIn: false,
      isOut: false,
      isStalled: false,
      got: client.got as string[],
      leave: () => client.socket.terminate(),
    };
    const hears = (name: string): boolean => client.records.some(({ t }) => t === name);
    Object.defineProperties(self, {
      isIn: { get: () => hears('attached') },
      isOut: { get: () => hears('closed') || hears('refused') || client.closeCode !== 0 },
    });
    await eventually(() => self.isIn || self.isOut);
    if (self.isIn) client.record({ t: 'from', first: 1 });
    return self;
  });
};

const rawStreamByTicket: ReturningDoor = async (server, token) => {
  const url = `${server.base}/raw-event-stream?ticket=${await ticketOf(server, token, 'event-stream')}`;
  return returning(server, () => overStream(url, {}, onStreamText));
};

const rawSocketByTicket: ReturningDoor = async (server, token) => {
  const url = `${server.base}/raw-websocket?ticket=${await ticketOf(server, token, 'websocket')}`;
  return returning(server, async () => {
    const { client } = await overWebSocket(url, {}, [], (self, text) => {
      self.got.push(text);
    });
    Object.defineProperty(client, 'isIn', { get: () => !client.isOut && server.wire.rawLinks().length > 0 });
    return client;
  });
};

/** A client over polls is away between two of them. */
async function betweenPolls(
  server: Listening,
  poll: () => Promise<Response>,
  onBody: (client: DoorClient, body: string) => void,
): Promise<ReturningClient> {
  const client: DoorClient = {
    status: 0,
    isIn: false,
    isOut: false,
    isStalled: false,
    got: [],
    leave: () => undefined,
  };
  const take = async (answer: Promise<Response>): Promise<void> => {
    const response = await answer;
    const body = await response.text();
    if (response.status === 200) onBody(client, body);
    else Object.assign(client, { status: response.status, isOut: true });
  };
  while (!client.isIn) await take(poll());
  let pending = take(poll());
  return {
    got: client.got,
    last: () => client,
    async goAway() {
      // Answers the pending poll.
      server.wire.publish('news', 'last');
      await pending;
    },
    async comeBack() {
      while (!client.isOut) {
        pending = take(poll());
        await pending;
      }
    },
  };
}

const sockJsPolling: ReturningDoor = (server, token) => {
  const url = `http://127.0.0.1:${server.port}/sockjs/000/${randomUUID()}/xhr`;
  const headers = headersOf(token, '192.0.2.1');
  return betweenPolls(
    server,
    () => fetch(url, { method: 'POST', headers }),
    (client, body) => onFrame(client, body.trim()),
  );
};

const socketIoPolling: ReturningDoor = async (server, token) => {
  let url = `http://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=polling`;
  const { sid } = JSON.parse((await (await fetch(url)).text()).slice(1)) as { readonly sid: string };
  url += `&sid=${sid}`;
  await fetch(url, { method: 'POST', body: `40${JSON.stringify({ token })}` });
  return betweenPolls(
    server,
    () => fetch(url),
    (client, body) => {
      for (const packet of body.split('\x1e')) onPacket(client, packet);
    },
  );
};

/** Returns with its `pid` and the offset of its last event. */
const socketIoRecovery: ReturningDoor = async (server, token) => {
  const url = `http://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`;
  let kept: { readonly pid?: string; offset?: string } = {};
  return returning(server, async () => {
    const { client, socket } = await overWebSocket(url, {}, [], (self, text) => {
      onPacket(self, text);
      if (text.startsWith('40')) kept = { ...kept, ...(JSON.parse(text.slice(2)) as { readonly pid: string }) };
      if (text.startsWith('42')) kept.offset = (JSON.parse(text.slice(2)) as string[]).at(-1) as string;
    });
    socket.send(`40${JSON.stringify({ token, ...kept })}`);
    return client;
  });
};

/** All doors at which a client can return with something that it has kept. */
export const returningDoors = {
  session,
  rawStreamByTicket,
  rawSocketByTicket,
  sockJsPolling,
  socketIoPolling,
  socketIoRecovery,
};
