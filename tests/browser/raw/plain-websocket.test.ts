import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireClient, type WireClient } from '@everywire/client';
import type { WireServer } from '@everywire/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket as Connection, WebSocketServer } from 'ws';
import { Guide, portOf, runBlock, whenOver } from '../../guides/guide.js';
import { launchChromium } from '../launch-chromium.js';

/* Pages of an application that has a WebSocket server of its own, against that server, and against a raw link. */

const guide = new Guide('docs/guides/from-websocket.md', [3]);

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

interface Message {
  readonly type: string;
  readonly name?: string;
  readonly room?: string;
  readonly text?: string;
}

/** A server of the application, old or new. */
interface Application {
  /** For `new WebSocket`. */
  readonly address: string;
  /** Closes the connection of whoever logged in by this name. */
  cut(name: string): void;
  /** How many pings it answered. */
  readonly pings: () => number;
}

async function startPages(): Promise<string> {
  const pages = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>chat</title>');
  });
  return `http://127.0.0.1:${await portOf(pages.listen(0, '127.0.0.1'))}`;
}

/** The application as it was: one process, a map of connections, a loop for each room. */
async function startOld(): Promise<Application> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((done) => server.once('listening', done));
  whenOver(() => server.close());
  const people = new Map<Connection, { readonly name: string; readonly room: string }>();
  let pings = 0;
  const tell = (room: string, message: Message, except: Connection): void => {
    for (const [ws, person] of people) if (person.room === room && ws !== except) ws.send(JSON.stringify(message));
  };
  server.on('connection', (ws) => {
    ws.on('message', (data) => {
      const { type, name = '', room = '', text = '' } = JSON.parse(String(data)) as Message;
      const person = people.get(ws);
      if (type === 'ping') {
        pings += 1;
        ws.send(JSON.stringify({ type: 'pong' }));
      }
      if (type === 'login') {
        people.set(ws, { name, room });
        ws.send(JSON.stringify({ type: 'welcome', name }));
        tell(room, { type: 'joined', name }, ws);
      }
      if (type === 'say' && person) tell(person.room, { type: 'said', name: person.name, text }, ws);
    });
    ws.on('close', () => {
      const person = people.get(ws);
      people.delete(ws);
      if (person) tell(person.room, { type: 'left', name: person.name }, ws);
    });
  });
  return {
    address: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`,
    cut: (wanted) => {
      for (const [ws, { name }] of people) if (name === wanted) ws.close(1008, 'cut');
    },
    pings: () => pings,
  };
}

/** The server of the guide, for pages of this origin. */
async function startNew(origin: string): Promise<Application & { readonly sessions: string }> {
  let pings = 0;
  const block = guide
    .take(0)
    .replace('https://example.org', origin)
    .replace('listen(8088)', "listen(0, '127.0.0.1')")
    .replace('}, 500)', '}, 20)')
    .replace("if (type === 'ping')", "if (type === 'ping') countPing();\n  $&");
  const scope = { countPing: () => (pings += 1) };
  const { http, wire, people, sweep } = await runBlock(block, scope, ['http', 'wire', 'people', 'sweep']);
  const port = await portOf(http as Server);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  whenOver(() => clearInterval(sweep as NodeJS.Timeout));
  return {
    address: `ws://127.0.0.1:${port}/everywire/raw-websocket?topic=room:lobby`,
    sessions: `http://127.0.0.1:${port}/everywire`,
    cut: (wanted) => {
      for (const [peer, { name }] of people) if (name === wanted) peer.end('cut');
    },
    pings: () => pings,
  };
}

/** Someone in the room: what they heard, and a way to speak. */
interface Person {
  heard(): Promise<readonly Message[]>;
  say(text: string): Promise<void>;
  leave(): Promise<void>;
}

/** Someone with an old page, whose clock the test moves. */
interface OldPage extends Person {
  /** Lets so many milliseconds pass, and calls the page's timers. */
  pass(ms: number): Promise<void>;
  /** Connections that were closed. */
  closed(): Promise<number>;
}

/** What stands in front of the old client: it counts the connections that close, and keeps what is shown. */
const harness = `
  let closed = 0, say;
  const heard = [];
  const show = (message, send) => { heard.push(message); say = send; };
  window.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      this.addEventListener('close', () => { closed += 1; });
    }
  };`;

/** A page with the old client of the guide, not changed in anything but its address. */
async function openPage(origin: string, address: string, name: string): Promise<OldPage> {
  const page: Page = await browser.newPage();
  whenOver(() => page.close());
  await page.clock.install({ time: 0 });
  await page.goto(origin);
  await page.clock.pauseAt(60_000);
  await page.addScriptTag({
    content: `const [address, name] = ${JSON.stringify([address, name])}; ${harness} ${guide.take(1)}`,
  });
  return {
    heard: () => page.evaluate('heard'),
    say: (text) => page.evaluate(`say(${JSON.stringify({ type: 'say', text })})`),
    leave: () => page.close(),
    pass: (ms) => page.clock.runFor(ms),
    closed: () => page.evaluate('closed'),
  };
}

/** A program with the same messages: pages take longer to open, and one of them shows what pages do. */
async function openProgram(address: string, name: string): Promise<Person> {
  const heard: Message[] = [];
  const ws = new Connection(address);
  whenOver(() => ws.terminate());
  ws.on('message', (data) => heard.push(JSON.parse(String(data)) as Message));
  await new Promise((done) => ws.once('open', done));
  ws.send(JSON.stringify({ type: 'login', name, room: 'lobby' }));
  return {
    heard: async () => heard,
    say: async (text) => ws.send(JSON.stringify({ type: 'say', text })),
    leave: async () => ws.close(),
  };
}

/** A client of the guide that has become a session. */
async function openSession(address: string, name: string): Promise<Person> {
  const heard: Message[] = [];
  const scope = { address, name, show: (message: Message) => heard.push(message) };
  const block = guide.take(2).replace(/^import .*/, '');
  const { wire, send } = await runBlock(block, { ...scope, createWireClient }, ['wire', 'send']);
  whenOver(() => (wire as WireClient).close());
  return {
    heard: async () => heard,
    say: async (text) => send({ type: 'say', text }),
    leave: async () => (wire as WireClient).close(),
  };
}

/** How often a condition is looked at. */
const fast = { interval: 10 };

async function untilLast(person: Person, message: Message): Promise<void> {
  await expect.poll(async () => (await person.heard()).at(-1), fast).toEqual(message);
}

/** Ann has an old page, and Bob an old program. @returns what the people heard */
async function talk(origin: string, application: Application, openCem: () => Promise<Person>) {
  const ann = await openPage(origin, application.address, 'ann');
  await untilLast(ann, { type: 'welcome', name: 'ann' });
  const bob = await openProgram(application.address, 'bob');
  await untilLast(ann, { type: 'joined', name: 'bob' });
  const cem = await openCem();
  for (const old of [ann, bob]) await untilLast(old, { type: 'joined', name: 'cem' });
  await untilLast(cem, { type: 'welcome', name: 'cem' });
  const speakers: readonly (readonly [string, Person])[] = [
    ['ann', ann],
    ['bob', bob],
    ['cem', cem],
  ];
  for (const [name, speaker] of speakers) {
    const text = `消息 </script> by ${name}`;
    await speaker.say(text);
    for (const [, other] of speakers) if (other !== speaker) await untilLast(other, { type: 'said', name, text });
  }
  await ann.pass(20_000);
  await expect.poll(application.pings, fast).toBe(1);
  // The answer is before this on the same connection.
  await bob.say('still there?');
  await untilLast(ann, { type: 'said', name: 'bob', text: 'still there?' });
  await ann.pass(20_000);
  await expect.poll(application.pings, fast).toBe(2);
  expect(await ann.closed()).toBe(0);
  application.cut('ann');
  for (const other of [bob, cem]) await untilLast(other, { type: 'left', name: 'ann' });
  await expect.poll(ann.closed, fast).toBe(1);
  await ann.pass(1_000);
  await untilLast(ann, { type: 'welcome', name: 'ann' });
  for (const other of [bob, cem]) await untilLast(other, { type: 'joined', name: 'ann' });
  const heardByCem = await cem.heard();
  await cem.leave();
  for (const old of [ann, bob]) await untilLast(old, { type: 'left', name: 'cem' });
  const heardByBob = await bob.heard();
  await bob.leave();
  await untilLast(ann, { type: 'left', name: 'bob' });
  return { ann: await ann.heard(), bob: heardByBob, cem: heardByCem };
}

describe('a page with a WebSocket, JSON, a heartbeat and a reconnection of its own', () => {
  it('shows the same against its old server and against a raw link, where a session is in its room', async () => {
    const origin = await startPages();
    const old = await startOld();
    const before = await talk(origin, old, () => openProgram(old.address, 'cem'));
    const now = await startNew(origin);
    const after = await talk(origin, now, () => openSession(now.sessions, 'cem'));
    expect(after).toEqual(before);
    expect(after.cem).toEqual([
      { type: 'welcome', name: 'cem' },
      { type: 'said', name: 'ann', text: '消息 </script> by ann' },
      { type: 'said', name: 'bob', text: '消息 </script> by bob' },
      { type: 'said', name: 'bob', text: 'still there?' },
      { type: 'left', name: 'ann' },
      { type: 'joined', name: 'ann' },
    ]);
  });

  it('fails to connect where it asks for a subprotocol, which a raw link does not choose', async () => {
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
