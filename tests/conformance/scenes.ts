// Over 300 lines, because it is one list of conversations.
import type { RequestParts } from '../../packages/conformance/src/http-exchange.js';
import type { Fields } from '../../packages/conformance/src/item.js';
import { nonce, ScriptedClient } from './scripted-client.js';
import type { Carrier, Transcript } from './transcript.js';

/** A conversation between a client and the server, which is recorded in `docs/spec/transcripts.md`. */
export interface Scene {
  readonly title: string;
  readonly play: (transcript: Transcript, server: { readonly tcp: string }) => Promise<void>;
}

/** The opening handshake of a WebSocket. */
const handshake: RequestParts = {
  method: 'GET',
  name: 'websocket',
  headers: {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': 'everywire.2',
  },
};

/** Returns a POST of one record. */
export function posted(name: string, body: Fields): RequestParts {
  return { method: 'POST', name, headers: { 'Content-Type': 'text/plain;charset=utf-8' }, body };
}

/** Opens and attaches a session on a WebSocket, and exchanges two messages. */
async function talk(t: Transcript, client: ScriptedClient): Promise<Carrier> {
  const link = await t.request(handshake);
  link.record({ t: 'open', nonce });
  client.useSession(await link.frames('"opened"'));
  link.record(client.attach());
  await link.frames('"attached"');
  link.record({ t: 'from', first: 1 });
  link.frame({ opcode: 1, payload: 'hello' });
  link.frame({ opcode: 2, payload: Uint8Array.of(0, 1, 255) });
  await link.frames('[binary]');
  client.send('hello', Uint8Array.of(0, 1, 255));
  client.receive('hello', Uint8Array.of(0, 1, 255));
  return link;
}

const webSocket: Scene = {
  title: 'WebSocket',
  play: async (t) => {
    const client = new ScriptedClient(t);
    const link = await talk(t, client);
    t.remark('A text that begins with U+0000 is sent with one U+0000 more. So is the echo.');
    link.frame({ opcode: 1, payload: '\0\0zero' });
    await link.frames('zero');
    client.send('\0zero');
    client.receive('\0zero');
    t.remark('The client sends a ping. The last message it sent on this link is number 3.');
    link.record({ t: 'ping', at: 3, ...client.counts });
    await link.frames('"pong"');
    client.receiveAck(3);
    t.remark(
      'The client closes: 3 is its last message. Both ends have acknowledged everything, so the verdict follows.',
    );
    link.record({ t: 'ack', ...client.counts, ...client.closing });
    await link.frames('[close]');
    link.frame({ opcode: 8, payload: Buffer.of(3, 232) });
    await link.end();
  },
};

const tcp: Scene = {
  title: 'Raw TCP',
  play: async (t, { tcp }) => {
    const client = new ScriptedClient(t);
    t.remark('The client lists its versions, preferred first; the server chooses one. Unmasked frames follow.');
    const link = await t.greet(Number(new URL(tcp).port), 'everywire.3 everywire.2\n');
    link.record({ t: 'open', nonce });
    client.useSession(await link.frames('"opened"'));
    link.record(client.attach());
    await link.frames('"attached"');
    link.record({ t: 'from', first: 1 });
    link.frame({ opcode: 1, payload: 'hello' });
    link.frame({ opcode: 2, payload: Uint8Array.of(0, 1, 255) });
    await link.frames('[binary]');
    client.send('hello', Uint8Array.of(0, 1, 255));
    client.receive('hello', Uint8Array.of(0, 1, 255));
    client.receiveAck(2);
    t.remark('The client closes. Both ends have acknowledged everything, so the verdict follows.');
    link.record({ t: 'ack', ...client.counts, ...client.closing });
    await link.frames('[close]');
    link.frame({ opcode: 8, payload: Buffer.of(3, 232) });
    await link.end();
  },
};

/** Returns the handshake with a record in it (TR-40). */
function headed(record: Fields): RequestParts & { readonly text: string } {
  const text = Buffer.from(JSON.stringify(record)).toString('base64url');
  const protocols = `everywire.2, everywire.2.head, ${text}`;
  return { ...handshake, headers: { ...handshake.headers, 'Sec-WebSocket-Protocol': protocols }, text };
}

const handshakeHead: Scene = {
  title: 'WebSocket, with a record in the handshake',
  play: async (t) => {
    const client = new ScriptedClient(t);
    t.remark(`The last subprotocol is base64url of {"t":"open","nonce":"${nonce}","instance":7}.`);
    const link = await t.request(headed({ t: 'open', nonce, instance: 7 }));
    client.useSession(await link.frames('"opened"'));
    await link.frames('"attached"');
    link.record({ t: 'from', first: 1 });
    link.frame({ opcode: 1, payload: 'hello' });
    await link.frames('hello');
    client.send('hello');
    client.receive('hello');
    link.cut();
    // The handshake used number 1.
    const record = { ...client.attach(), n: 2 };
    const attach = headed(record);
    t.name(attach.text, 'BASE64URL-OF-THE-ATTACH');
    const shown = JSON.stringify({ ...record, id: 'SESSION-ID' });
    t.remark(`The connection was cut. The next handshake attaches, with the record ${shown}.`);
    const next = await t.request(attach);
    await next.frames('"attached"');
    next.record({ t: 'from', first: 2 });
    next.frame({ opcode: 1, payload: 'still here' });
    await next.frames('still here');
    next.cut();
    t.remark(
      'The server ignores an unreadable record: it chooses `everywire.2`, and the client continues with frames.',
    );
    const unread = await t.request({
      ...handshake,
      headers: { ...handshake.headers, 'Sec-WebSocket-Protocol': 'everywire.2, everywire.2.head, garbage' },
    });
    unread.cut();
  },
};

const eventStream: Scene = {
  title: 'Event stream, with a ticket',
  play: async (t) => {
    const client = new ScriptedClient(t);
    await client.open();
    t.remark('The ticket contains this attach.');
    const { ticket } = await t.post('ticket', client.attach());
    const stream = await t.request({ method: 'GET', name: `event-stream?ticket=${String(ticket)}` });
    await stream.lines('"ticket"');
    t.remark('The client sends by POST, and receives the echo on the stream.');
    await t.post('up', client.body(['hello', Uint8Array.of(0, 1, 255)]));
    await stream.lines('["');
    client.receive('hello', Uint8Array.of(0, 1, 255));
    t.remark('An empty body acknowledges.');
    client.receiveAck(2);
    await t.post('up', client.body());
    t.remark('The same ticket again: the server answers 204, and the EventSource stops.');
    await (await t.request({ method: 'GET', name: `event-stream?ticket=${String(ticket)}` })).end();
  },
};

const fetchStream: Scene = {
  title: 'Fetch stream',
  play: async (t) => {
    const client = new ScriptedClient(t);
    await client.open({ first: 1, count: 1, m: ['early'] });
    client.send('early');
    t.remark('This attach confirms the session, so the early message is delivered now. The body is unmasked frames.');
    const stream = await t.request(posted('fetch-stream', client.attach()));
    await stream.frames('early');
    client.receive('early');
    await t.post('up', client.body(['hello']));
    await stream.frames('hello');
    stream.cut();
  },
};

const longPoll: Scene = {
  title: 'Long poll',
  play: async (t) => {
    const client = new ScriptedClient(t);
    await client.open();
    t.remark('The first poll is prompt, to verify that the transport works.');
    await t.post('long-poll', client.attach({ prompt: true }));
    t.remark('A poll that carries messages is answered immediately. The application has already echoed the message.');
    client.send('hello');
    const bringing = client.attach({ first: 1, count: 1, m: ['hello'] });
    const answer = await t.request(posted('long-poll', bringing));
    await answer.lines('"hello"');
    await answer.end();
    client.receiveAck(1);
    client.receive('hello');
    t.remark('No link is attached between two polls.');
    await t.post('up', client.body(['again']));
    client.receiveAck(2);
    t.remark('The next poll would be held until there is a message. Here one is waiting already.');
    const poll = await t.request(posted('long-poll', client.attach()));
    await poll.lines('"again"');
    await poll.end();
    client.receive('again');
  },
};

const postUp: Scene = {
  title: 'POST up: new, repeated, overlapping, beyond a gap',
  play: async (t) => {
    const client = new ScriptedClient(t);
    await client.open();
    const first = client.body(['slow 60000', 'two']);
    await t.post('up', first);
    t.remark('The answer was lost, so the client repeats the body. The server accepts no message twice.');
    await t.post('up', first);
    t.remark('This body overlaps: only 3 is new.');
    await t.post('up', client.body([], { first: 2, count: 2, sent: 3, m: ['two', 'three'] }));
    t.remark('This body is beyond a gap: 4 is missing. The server accepts nothing; the client continues from 4.');
    await t.post('up', client.body([], { first: 5, count: 1, sent: 5, m: ['five'] }));
  },
};

const parts: Scene = {
  title: 'POST up: a message in parts',
  play: async (t) => {
    const client = new ScriptedClient(t);
    await client.open();
    const part = (piece: string, at: number): Fields =>
      client.body([], { first: 1, sent: 1, part: Buffer.from(piece).toString('base64'), at, of: 10, as: 0 });
    t.remark(
      'A proxy refused `slow 60000` as too large. The client sends its first five bytes; the server keeps them.',
    );
    const begin = part('slow ', 0);
    await t.post('up', begin);
    t.remark('The answer was lost, so the client repeats the body. It changes nothing on the server.');
    await t.post('up', begin);
    t.remark('The rest follows. The server counts the reassembled text as message 1.');
    await t.post('up', part('60000', 5));
  },
};

const close: Scene = {
  title: 'Close, by the server',
  play: async (t) => {
    const client = new ScriptedClient(t);
    const link = await talk(t, client);
    t.remark('The application of the server sends one more message and closes: `last` is 3.');
    link.frame({ opcode: 1, payload: 'goodbye' });
    link.frame({ opcode: 1, payload: 'close' });
    client.send('goodbye', 'close');
    await link.frames('"last"');
    client.receive('goodbye');
    client.receiveAck(4);
    t.remark('The client then closes too, and acknowledges.');
    link.record({ t: 'ack', ...client.counts, ...client.closing });
    await link.frames('[close]');
    t.remark('For one minute, every further request gets the same verdict.');
    await t.post('up', client.body([], client.closing));
    await t.post('open', { t: 'open', version: 2, nonce });
  },
};

const refused: Scene = {
  title: 'Refused',
  play: async (t) => {
    const client = new ScriptedClient(t);
    t.remark('An unknown or expired session.');
    await t.post('up', { ...client.body(), id: 'unknown' });
    const stream = await t.request(posted('event-stream', { ...client.attach(), id: 'unknown' }));
    await stream.lines('"refused"');
    await stream.end();
    t.remark('A malformed carrier.');
    await t.post('up', { t: 'body' });
    t.remark('A page of a foreign origin.');
    await t.post('open', { t: 'open', version: 2, nonce }, { Origin: 'https://elsewhere.example' });
    t.remark('A WebSocket with a malformed list of subprotocols.');
    const headers = { ...handshake.headers, 'Sec-WebSocket-Protocol': 'chat, chat' };
    const socket = await t.request({ ...handshake, headers });
    await socket.lines('"code"');
  },
};

const superseded: Scene = {
  title: 'Superseded',
  play: async (t) => {
    const client = new ScriptedClient(t);
    const link = await talk(t, client);
    t.remark('The session attaches a poll. The WebSocket gets `superseded`, and is read until the client closes it.');
    client.receiveAck(2);
    const poll = await t.request(posted('long-poll', client.attach({ prompt: true })));
    await poll.lines('"attached"');
    await link.frames('"superseded"');
    link.frame({ opcode: 1, payload: 'still taken' });
    client.send('still taken');
    link.frame({ opcode: 8, payload: Buffer.of(3, 232) });
    await link.frames('[close]');
    t.remark('An attach with a number below the highest, 2, is too late. `same` means the same client instance.');
    const late = await t.request(posted('fetch-stream', { ...client.attach(), n: 1 }));
    await late.frames('"superseded"');
    await late.end();
  },
};

const resumed: Scene = {
  title: 'Resume after a cut',
  play: async (t) => {
    const client = new ScriptedClient(t);
    const link = await talk(t, client);
    link.frame({ opcode: 1, payload: 'three' });
    client.send('three');
    await link.frames('three');
    link.cut();
    t.remark('The link was cut before the client read the third message, so it states that it received 2.');
    const next = await t.request(handshake);
    next.record(client.attach());
    await next.frames('three');
    t.remark('The server states that it received 3, so the client continues with 4 on this link.');
    next.record({ t: 'from', first: 4 });
    next.frame({ opcode: 1, payload: 'four' });
    await next.frames('four');
    next.cut();
  },
};

export const scenes: readonly Scene[] = [
  webSocket,
  handshakeHead,
  tcp,
  eventStream,
  fetchStream,
  longPoll,
  postUp,
  parts,
  close,
  refused,
  superseded,
  resumed,
];
