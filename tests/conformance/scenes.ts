// Over 300 lines: one list of conversations.
import type { RequestParts } from '../../packages/conformance/src/http-exchange.js';
import type { Fields } from '../../packages/conformance/src/item.js';
import { nonce, ToldClient } from './told-client.js';
import type { Carrier, Transcript } from './transcript.js';

export interface Scene {
  readonly title: string;
  readonly play: (transcript: Transcript, server: { readonly tcp: string }) => Promise<void>;
}

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

export function posted(name: string, body: Fields): RequestParts {
  return { method: 'POST', name, headers: { 'Content-Type': 'text/plain;charset=utf-8' }, body };
}

/** A session on a WebSocket, attached; two messages went up and came back. */
async function talk(t: Transcript, client: ToldClient): Promise<Carrier> {
  const link = await t.request(handshake);
  link.record({ t: 'open', nonce });
  client.opened(await link.frames('"opened"'));
  link.record(client.attach());
  await link.frames('"attached"');
  link.record({ t: 'from', first: 1 });
  link.frame({ opcode: 1, payload: 'hello' });
  link.frame({ opcode: 2, payload: Uint8Array.of(0, 1, 255) });
  await link.frames('[binary]');
  client.wrote('hello', Uint8Array.of(0, 1, 255));
  client.took('hello', Uint8Array.of(0, 1, 255));
  return link;
}

const webSocket: Scene = {
  title: 'WebSocket',
  play: async (t) => {
    const client = new ToldClient(t);
    const link = await talk(t, client);
    t.remark('A text that begins with U+0000 gets one more; it comes back with one more.');
    link.frame({ opcode: 1, payload: '\0\0zero' });
    await link.frames('zero');
    client.wrote('\0zero');
    client.took('\0zero');
    t.remark('The client asks whether the server is there; its last number on this link is 3.');
    link.record({ t: 'ping', at: 3, ...client.counts });
    await link.frames('"pong"');
    client.heardAck(3);
    t.remark('It closes: 3 is the last it sent. Both have acknowledged all, so the server has its verdict at once.');
    link.record({ t: 'ack', ...client.counts, ...client.closing });
    await link.frames('[close]');
    link.frame({ opcode: 8, payload: Buffer.of(3, 232) });
    await link.end();
  },
};

const tcp: Scene = {
  title: 'Raw TCP',
  play: async (t, { tcp }) => {
    const client = new ToldClient(t);
    t.remark(
      'The client names the versions it speaks, best first; the server says which it is. Frames follow, unmasked both ways.',
    );
    const link = await t.greet(Number(new URL(tcp).port), 'everywire.3 everywire.2\n');
    link.record({ t: 'open', nonce });
    client.opened(await link.frames('"opened"'));
    link.record(client.attach());
    await link.frames('"attached"');
    link.record({ t: 'from', first: 1 });
    link.frame({ opcode: 1, payload: 'hello' });
    link.frame({ opcode: 2, payload: Uint8Array.of(0, 1, 255) });
    await link.frames('[binary]');
    client.wrote('hello', Uint8Array.of(0, 1, 255));
    client.took('hello', Uint8Array.of(0, 1, 255));
    client.heardAck(2);
    t.remark('It closes. Both have acknowledged all, so the server has its verdict at once.');
    link.record({ t: 'ack', ...client.counts, ...client.closing });
    await link.frames('[close]');
    link.frame({ opcode: 8, payload: Buffer.of(3, 232) });
    await link.end();
  },
};

/** The same handshake with a record in it (TR-40). */
function headed(record: Fields): RequestParts & { readonly text: string } {
  const text = Buffer.from(JSON.stringify(record)).toString('base64url');
  const protocols = `everywire.2, everywire.2.head, ${text}`;
  return { ...handshake, headers: { ...handshake.headers, 'Sec-WebSocket-Protocol': protocols }, text };
}

const handshakeHead: Scene = {
  title: 'WebSocket, with a record in the handshake',
  play: async (t) => {
    const client = new ToldClient(t);
    t.remark(`What is offered last is base64url of {"t":"open","nonce":"${nonce}","instance":7}.`);
    const link = await t.request(headed({ t: 'open', nonce, instance: 7 }));
    client.opened(await link.frames('"opened"'));
    await link.frames('"attached"');
    link.record({ t: 'from', first: 1 });
    link.frame({ opcode: 1, payload: 'hello' });
    await link.frames('hello');
    client.wrote('hello');
    client.took('hello');
    link.cut();
    // Number 1 was the handshake's.
    const record = { ...client.attach(), n: 2 };
    const attach = headed(record);
    t.name(attach.text, 'BASE64URL-OF-THE-ATTACH');
    const shown = JSON.stringify({ ...record, id: 'SESSION-ID' });
    t.remark(`The connection was cut. The next handshake attaches; what it says is ${shown}.`);
    const next = await t.request(attach);
    await next.frames('"attached"');
    next.record({ t: 'from', first: 2 });
    next.frame({ opcode: 1, payload: 'still here' });
    await next.frames('still here');
    next.cut();
    t.remark(
      'What cannot be read is as if it had not been said: the server chooses `everywire.2`, and the client goes on in frames.',
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
    const client = new ToldClient(t);
    await client.open();
    t.remark('What is in the ticket is this attach.');
    const { ticket } = await t.post('ticket', client.attach());
    const stream = await t.request({ method: 'GET', name: `event-stream?ticket=${String(ticket)}` });
    await stream.lines('"ticket"');
    t.remark('Up goes by POST, and comes back by the stream.');
    await t.post('up', client.body(['hello', Uint8Array.of(0, 1, 255)]));
    await stream.lines('["');
    client.took('hello', Uint8Array.of(0, 1, 255));
    t.remark('An empty body acknowledges.');
    client.heardAck(2);
    await t.post('up', client.body());
    t.remark('The same ticket once more: the EventSource stops.');
    await (await t.request({ method: 'GET', name: `event-stream?ticket=${String(ticket)}` })).end();
  },
};

const fetchStream: Scene = {
  title: 'Fetch stream',
  play: async (t) => {
    const client = new ToldClient(t);
    await client.open({ first: 1, count: 1, m: ['early'] });
    client.wrote('early');
    t.remark('This attach confirms the session, so the early message is delivered now. The body is unmasked frames.');
    const stream = await t.request(posted('fetch-stream', client.attach()));
    await stream.frames('early');
    client.took('early');
    await t.post('up', client.body(['hello']));
    await stream.frames('hello');
    stream.cut();
  },
};

const longPoll: Scene = {
  title: 'Long poll',
  play: async (t) => {
    const client = new ToldClient(t);
    await client.open();
    t.remark('The first poll is prompt: it shows that the way is open.');
    await t.post('long-poll', client.attach({ prompt: true }));
    t.remark('A poll that brings messages is answered at once. The application has sent the message back by then.');
    client.wrote('hello');
    const bringing = client.attach({ first: 1, count: 1, m: ['hello'] });
    const answer = await t.request(posted('long-poll', bringing));
    await answer.lines('"hello"');
    await answer.end();
    client.heardAck(1);
    client.took('hello');
    t.remark('Between two polls nothing is attached.');
    await t.post('up', client.body(['again']));
    client.heardAck(2);
    t.remark('The next is held until there is something to say; here that is there already.');
    const poll = await t.request(posted('long-poll', client.attach()));
    await poll.lines('"again"');
    await poll.end();
    client.took('again');
  },
};

const postUp: Scene = {
  title: 'POST up: new, repeated, overlapping, beyond a gap',
  play: async (t) => {
    const client = new ToldClient(t);
    await client.open();
    const first = client.body(['slow 60000', 'two']);
    await t.post('up', first);
    t.remark('The answer was lost, so the same body comes again. Nothing of it is taken twice.');
    await t.post('up', first);
    t.remark('It overlaps: only 3 is new.');
    await t.post('up', client.body([], { first: 2, count: 2, sent: 3, m: ['two', 'three'] }));
    t.remark('Beyond a gap: 4 is missing. Nothing of it is taken; the client goes on from 4.');
    await t.post('up', client.body([], { first: 5, count: 1, sent: 5, m: ['five'] }));
  },
};

const parts: Scene = {
  title: 'POST up: a message in parts',
  play: async (t) => {
    const client = new ToldClient(t);
    await client.open();
    const part = (piece: string, at: number): Fields =>
      client.body([], { first: 1, sent: 1, part: Buffer.from(piece).toString('base64'), at, of: 10, as: 0 });
    t.remark('Something on the way refused `slow 60000` as too large. Its first five bytes; the server holds them.');
    const begin = part('slow ', 0);
    await t.post('up', begin);
    t.remark('The answer was lost, so the same body comes again. The server holds what it held.');
    await t.post('up', begin);
    t.remark('The rest. It is message 1, and counted as if it had come whole.');
    await t.post('up', part('60000', 5));
  },
};

const close: Scene = {
  title: 'Close, by the server',
  play: async (t) => {
    const client = new ToldClient(t);
    const link = await talk(t, client);
    t.remark('The application of the server says one thing more and closes: last is 3.');
    link.frame({ opcode: 1, payload: 'goodbye' });
    link.frame({ opcode: 1, payload: 'close' });
    client.wrote('goodbye', 'close');
    await link.frames('"last"');
    client.took('goodbye');
    client.heardAck(4);
    t.remark('On seeing it the client closes too, and acknowledges.');
    link.record({ t: 'ack', ...client.counts, ...client.closing });
    await link.frames('[close]');
    t.remark('Whoever asks again hears the verdict again, for a minute.');
    await t.post('up', client.body([], client.closing));
    await t.post('open', { t: 'open', version: 2, nonce });
  },
};

const refused: Scene = {
  title: 'Refused',
  play: async (t) => {
    const client = new ToldClient(t);
    t.remark('A session that is not there, or not any more.');
    await t.post('up', { ...client.body(), id: 'nobody' });
    const stream = await t.request(posted('event-stream', { ...client.attach(), id: 'nobody' }));
    await stream.lines('"refused"');
    await stream.end();
    t.remark('What is no carrier.');
    await t.post('up', { t: 'body' });
    t.remark('A page of another origin.');
    await t.post('open', { t: 'open', version: 2, nonce }, { Origin: 'https://elsewhere.example' });
    t.remark('A WebSocket of another subprotocol.');
    const headers = { ...handshake.headers, 'Sec-WebSocket-Protocol': 'chat, chat' };
    const socket = await t.request({ ...handshake, headers });
    await socket.lines('"code"');
  },
};

const superseded: Scene = {
  title: 'Superseded',
  play: async (t) => {
    const client = new ToldClient(t);
    const link = await talk(t, client);
    t.remark('The same session attaches by a poll; the WebSocket is told, and read until the client closes it.');
    client.heardAck(2);
    const poll = await t.request(posted('long-poll', client.attach({ prompt: true })));
    await poll.lines('"attached"');
    await link.frames('"superseded"');
    link.frame({ opcode: 1, payload: 'still taken' });
    client.wrote('still taken');
    link.frame({ opcode: 8, payload: Buffer.of(3, 232) });
    await link.frames('[close]');
    t.remark('An attach of a lower number than the highest, 2, is too late. It was the same instance.');
    const late = await t.request(posted('fetch-stream', { ...client.attach(), n: 1 }));
    await late.frames('"superseded"');
    await late.end();
  },
};

const resumed: Scene = {
  title: 'Resume after a cut',
  play: async (t) => {
    const client = new ToldClient(t);
    const link = await talk(t, client);
    link.frame({ opcode: 1, payload: 'three' });
    client.wrote('three');
    await link.frames('three');
    link.cut();
    t.remark('The client had not read the third message when the link was cut: it has received 2.');
    const next = await t.request(handshake);
    next.record(client.attach());
    await next.frames('three');
    t.remark('What it sends on this link begins with 4: the server says that it has received 3.');
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
