import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireClient, type WireClient } from '@everywire/client';
import type { WireServer } from '@everywire/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket as Connection, WebSocketServer } from 'ws';
import { Guide, portOf, runBlock, whenOver } from '../../guides/guide.js';
import { launchChromium } from '../launch-chromium.js';

/* Runs pages of an application that has its own WebSocket server against that server, and against the gateway. */

const guide = new Guide('docs/guides/from-websocket.md', [3]);

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

interface Message {
  readonly type: string;
  readonly name?: string | undefined;
  readonly room?: string;
  readonly text?: string;
}

/** A server of the application, old or new. */
interface Application {
  /** The address for `new WebSocket`. */
  readonly address: string;
  /** Closes the connection of the person with this name, with a code of the application. */
  kick(name: string): void;
  /** Returns how many pings it answered. */
  readonly pings: () => number;
}

async function startPages(): Promise<string> {
  const pages = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>chat</title>');
  });
  return `http://127.0.0.1:${await portOf(pages.listen(0, '127.0.0.1'))}`;
}

/** Starts the old application: one process, a map of connections, a loop for each room. */
async function startOld(): Promise<Application> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((done) => server.once('listening', done));
  whenOver(() => server.close());
  const people = new Map<Connection, { readonly name: string; readonly rooms: Set<string> }>();
  let pings = 0;
  const send = (ws: Connection, message: Message): void => ws.send(JSON.stringify(message));
  const broadcast = (room: string, message: Message, except?: Connection): void => {
    for (const [ws, { rooms }] of people) if (rooms.has(room) && ws !== except) send(ws, { ...message, room });
  };
  const receive = (ws: Connection, { type, name = '', room = '', text = '' }: Message): void => {
    if (type === 'ping') {
      pings += 1;
      send(ws, { type: 'pong' });
    }
    if (type === 'login') {
      people.set(ws, { name, rooms: new Set() });
      send(ws, { type: 'welcome', name });
    }
    const person = people.get(ws);
    if (person === undefined) return;
    if (type === 'join') {
      person.rooms.add(room);
      broadcast(room, { type: 'joined', name: person.name });
    }
    if (type === 'leave' && person.rooms.delete(room)) broadcast(room, { type: 'left', name: person.name });
    if (type === 'say' && person.rooms.has(room)) broadcast(room, { type: 'said', name: person.name, text }, ws);
  };
  server.on('connection', (ws) => {
    ws.on('message', (data) => receive(ws, JSON.parse(String(data)) as Message));
    ws.on('close', () => {
      const person = people.get(ws);
      people.delete(ws);
      for (const room of person?.rooms ?? []) broadcast(room, { type: 'left', name: person?.name });
    });
    send(ws, { type: 'hello' });
  });
  return {
    address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`,
    kick: (wanted) => {
      for (const [ws, { name }] of people) if (name === wanted) ws.close(4001, 'kicked');
    },
    pings: () => pings,
  };
}

/** Starts the server of the guide, for pages of this origin. */
async function startNew(origin: string): Promise<Application & { readonly sessions: string }> {
  let pings = 0;
  const block = guide
    .take(0)
    .replace('https://example.org', origin)
    .replace('listen(8088)', "listen(0, '127.0.0.1')")
    .replace("if (type === 'ping')", "if (type === 'ping') countPing();\n  $&");
  const { http, wire, people } = await runBlock(block, { countPing: () => (pings += 1) }, ['http', 'wire', 'people']);
  const port = await portOf(http as Server);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  return {
    address: `ws://127.0.0.1:${port}/chat/websocket`,
    sessions: `http://127.0.0.1:${port}/everywire`,
    kick: (wanted) => {
      for (const [peer, { name }] of people) if (name === wanted) peer.close(4001, 'kicked');
    },
    pings: () => pings,
  };
}

/** A person who logged in: the messages received, and a way to send. */
interface Person {
  received(): Promise<readonly Message[]>;
  send(message: Message): Promise<void>;
  leave(): Promise<void>;
}

/** A person with an old page, whose clock the test controls. */
interface OldPage extends Person {
  /** Advances the clock by this many milliseconds, and runs the page's timers. */
  pass(ms: number): Promise<void>;
  /** The codes and reasons of closed connections. */
  closed(): Promise<readonly string[]>;
}

/** The environment of the old client: records how connections close and what is shown. */
const harness = `
  const closed = [], received = [];
  let sendNow;
  const show = (message, send) => { received.push(message); sendNow = send; };
  window.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      this.addEventListener('close', ({ code, reason }) => { closed.push(code + ' ' + reason); });
    }
  };`;

/** Runs the old client of the guide in this page with another address. */
async function openPage(page: Page, origin: string, address: string, name: string): Promise<OldPage> {
  await page.goto(origin);
  await page.clock.pauseAt(await page.evaluate('Date.now() + 1000'));
  await page.addScriptTag({
    content: `const [address, name] = ${JSON.stringify([address, name])}; ${harness} ${guide.take(1)}`,
  });
  return {
    received: () => page.evaluate('received'),
    send: (message) => page.evaluate(`sendNow(${JSON.stringify(message)})`),
    leave: async () => void (await page.goto('about:blank')),
    pass: (ms) => page.clock.runFor(ms),
    closed: () => page.evaluate('closed'),
  };
}

/** Runs a program with the same messages, because pages take longer to open, and one page is enough. */
async function openProgram(address: string, name: string): Promise<Person> {
  const received: Message[] = [];
  const ws = new Connection(address);
  whenOver(() => ws.terminate());
  ws.on('message', (data) => {
    const message = JSON.parse(String(data)) as Message;
    if (message.type === 'hello') ws.send(JSON.stringify({ type: 'login', name }));
    else received.push(message);
  });
  return {
    received: async () => received,
    send: async (message) => ws.send(JSON.stringify(message)),
    leave: async () => ws.close(),
  };
}

/** Runs a client of the guide that was converted to a session. */
async function openSession(address: string, name: string): Promise<Person> {
  const received: Message[] = [];
  const scope = { address, name, show: (message: Message) => received.push(message) };
  const block = guide.take(2).replace(/^import .*/, '');
  const { wire, send } = await runBlock(block, { ...scope, createWireClient }, ['wire', 'send']);
  whenOver(() => (wire as WireClient).close());
  return {
    received: async () => received,
    send: async (message) => send(message),
    leave: async () => (wire as WireClient).close(),
  };
}

/** How often a condition is polled. */
const fast = { interval: 10 };

async function untilLast(person: Person, message: Message): Promise<void> {
  await expect.poll(async () => (await person.received()).at(-1), fast).toEqual(message);
}

/** Sends the message as this person, and waits until the others have received the answer as their last message. */
async function exchange(by: Person, message: Message, answer: Message, receivers: readonly Person[]): Promise<void> {
  await by.send(message);
  for (const hearer of receivers) await untilLast(hearer, answer);
}

/**
 * Ann has an old page, Bob an old program, and Cem the given client. @returns what they received, and how Ann's
 * connections closed
 */
async function talk(page: Page, origin: string, application: Application, openCem: () => Promise<Person>) {
  const ann = await openPage(page, origin, application.address, 'ann');
  const bob = await openProgram(application.address, 'bob');
  const cem = await openCem();
  const people = { ann, bob, cem };
  const inLobby: Person[] = [];
  for (const [name, person] of Object.entries(people)) {
    await untilLast(person, { type: 'welcome', name });
    inLobby.push(person);
    await exchange(person, { type: 'join', room: 'lobby' }, { type: 'joined', name, room: 'lobby' }, inLobby);
  }
  for (const [name, speaker] of Object.entries(people)) {
    const said = { room: 'lobby', text: `消息 </script> by ${name}` };
    const others = inLobby.filter((person) => person !== speaker);
    await exchange(speaker, { type: 'say', ...said }, { type: 'said', name, ...said }, others);
  }
  // Ann and Cem also join another room, which Ann leaves.
  await exchange(cem, { type: 'join', room: 'b' }, { type: 'joined', name: 'cem', room: 'b' }, [cem]);
  await exchange(ann, { type: 'join', room: 'b' }, { type: 'joined', name: 'ann', room: 'b' }, [ann, cem]);
  const aside = { room: 'b', text: 'not for Bob' };
  await exchange(cem, { type: 'say', ...aside }, { type: 'said', name: 'cem', ...aside }, [ann]);
  await exchange(ann, { type: 'leave', room: 'b' }, { type: 'left', name: 'ann', room: 'b' }, [cem]);
  await cem.send({ type: 'say', room: 'b', text: 'not for Ann either' });
  await ann.send({ type: 'say', room: 'b', text: 'from outside' });

  await ann.pass(20_000);
  await expect.poll(application.pings, fast).toBe(1);
  // Ann's answer to the ping and Cem's previous message precede this on the same connections.
  const check = { room: 'lobby', text: 'still there?' };
  await exchange(cem, { type: 'say', ...check }, { type: 'said', name: 'cem', ...check }, [ann, bob]);
  await ann.pass(20_000);
  await expect.poll(application.pings, fast).toBe(2);

  application.kick('ann');
  for (const other of [bob, cem]) await untilLast(other, { type: 'left', name: 'ann', room: 'lobby' });
  await expect.poll(ann.closed, fast).toHaveLength(1);
  await ann.pass(1_000);
  await untilLast(ann, { type: 'welcome', name: 'ann' });
  await exchange(ann, { type: 'join', room: 'lobby' }, { type: 'joined', name: 'ann', room: 'lobby' }, inLobby);
  await cem.leave();
  for (const other of [ann, bob]) await untilLast(other, { type: 'left', name: 'cem', room: 'lobby' });
  const received = { ann: await ann.received(), cem: await cem.received(), closed: await ann.closed() };
  // A closed page is noticed only by its connection.
  await ann.leave();
  await untilLast(bob, { type: 'left', name: 'ann', room: 'lobby' });
  return { ...received, bob: await bob.received() };
}

describe('a page with its own WebSocket, JSON, heartbeat and reconnection', () => {
  it('a page shows the same with its old server and with the gateway, where a session is in its rooms', async () => {
    const origin = await startPages();
    const page = await browser.newPage();
    whenOver(() => page.close());
    await page.clock.install();
    const old = await startOld();
    const before = await talk(page, origin, old, () => openProgram(old.address, 'cem'));
    const now = await startNew(origin);
    const after = await talk(page, origin, now, () => openSession(now.sessions, 'cem'));
    expect(after).toEqual(before);
    expect(after.closed).toEqual(['4001 kicked']);
    expect(after.ann.filter(({ room }) => room === 'b')).toEqual([
      { type: 'joined', name: 'ann', room: 'b' },
      { type: 'said', name: 'cem', room: 'b', text: 'not for Bob' },
    ]);
    expect(after.bob.filter(({ room }) => room === 'b')).toEqual([]);
  });

  it('a page that requires a subprotocol fails to connect, because the gateway selects none', async () => {
    const origin = await startPages();
    const { address } = await startNew(origin);
    const page = await browser.newPage();
    whenOver(() => page.close());
    await page.goto(origin);
    const outcome = (protocols: readonly string[]): Promise<unknown> =>
      page.evaluate(
        ([url, list]) =>
          new Promise((done) => {
            const ws = new WebSocket(url, [...list]);
            ws.onopen = () => done('open');
            ws.onclose = ({ code }) => done(code);
          }),
        [address, protocols] as const,
      );
    expect(await outcome([])).toBe('open');
    expect(await outcome(['chat'])).toBe(1006);
  });
});
