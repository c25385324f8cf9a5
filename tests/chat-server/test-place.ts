import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  type Answer,
  type Answers,
  type ErrorCode,
  isKeyedCommand,
  type KeyedCommand,
  type Request,
  type ServerEvent,
} from '@everywire/chat';
import {
  type AttachmentLimits,
  type ChatServer,
  type ChatServerOptions,
  createChatServer,
} from '@everywire/chat-server';
import { commandAnswerFaults } from '@everywire/chat-server/internal';
import { createWireClient, type TransportName, type WireClient } from '@everywire/client';
import { DirectoryFiles } from '@everywire/files-directory';
import { createSqliteStore, type SqliteStore } from '@everywire/store-sqlite';
import { failOnBroken } from '../fail-on-broken.js';

/** The union keeps its parts: what a client writes, without `i`, and with `id` only where it wants a certain one. */
type Loose<Value> = Value extends KeyedCommand ? Omit<Value, 'i' | 'id'> & { readonly id?: string } : Omit<Value, 'i'>;
export type Asked = Request extends infer Each ? (Each extends Request ? Loose<Each> : never) : never;

export interface TestPerson {
  readonly id: number;
  readonly name: string;
  readonly token: string;
}

export interface TestPlaceOptions extends Partial<Omit<ChatServerOptions, 'store' | 'accounts'>> {
  /** Default: a new one in a temporary directory, which `stop` removes. */
  readonly store?: SqliteStore;
  /** Lets files be attached, and keeps them there. */
  readonly filesDirectory?: string;
  readonly attachmentLimits?: Partial<AttachmentLimits>;
  /** Takes raw TCP as well; 0: on a free port. */
  readonly tcpPort?: number;
}

interface TestStore {
  readonly store: SqliteStore;
  /** Closes the store and removes what was made for it. */
  readonly dispose: () => Promise<void>;
}

/** A real chat server on a free port. */
export class TestPlace {
  readonly lines: readonly string[];
  readonly #sessions: TestSession[] = [];
  readonly #upgraded = new Set<Duplex>();
  readonly store: SqliteStore;
  readonly server: ChatServer;
  readonly url: string;

  readonly #dispose: () => Promise<void>;

  private constructor({ store, dispose }: TestStore, server: ChatServer, url: string, lines: readonly string[]) {
    this.store = store;
    this.#dispose = dispose;
    this.server = server;
    const { emit } = server.http;
    const upgraded = this.#upgraded;
    server.http.emit = function record(this: unknown, event: string | symbol, ...parts: unknown[]): boolean {
      if (event === 'upgrade') upgraded.add(parts[1] as Duplex);
      return Reflect.apply(emit, this, [event, ...parts]);
    };
    this.url = url;
    this.lines = lines;
  }

  static async start(options: TestPlaceOptions = {}): Promise<TestPlace> {
    const opened = openStore(options);
    try {
      return await TestPlace.#startOver(opened, options);
    } catch (error) {
      await opened.dispose();
      throw error;
    }
  }

  static async #startOver(
    opened: TestStore,
    { filesDirectory, attachmentLimits = {}, tcpPort, ...options }: TestPlaceOptions,
  ): Promise<TestPlace> {
    const lines: string[] = [];
    const note = (line: string, cause?: unknown): void => {
      lines.push(cause instanceof Error ? `${line} ${cause.stack}` : line);
      failOnBroken(line.slice(0, line.indexOf(':')), line);
    };
    const { store } = opened;
    const server = await createChatServer({
      place: { name: 'Test', runBy: '', registration: 'open', version: '0' },
      passwordCost: { memoryKib: 256, passes: 1 },
      log: { debug: note, info: note, warn: note, error: note },
      ...(filesDirectory !== undefined && {
        attachments: {
          files: await DirectoryFiles.open(join(filesDirectory, 'files')),
          records: store,
          uploadsDirectory: join(filesDirectory, 'uploads'),
          limits: attachmentLimits,
        },
      }),
      ...options,
      ...{ store, accounts: store },
    });
    const { port } = await server.listen({ port: 0, host: '127.0.0.1', tcpPort: tcpPort ?? null });
    return new TestPlace(opened, server, `http://127.0.0.1:${port}`, lines);
  }

  async register(name: string): Promise<TestPerson> {
    const response = await this.rest('POST', '/api/register', { name, password: 'correct horse' });
    return personOf(response);
  }

  /** The first administrator, made by the set-up link. */
  async setUp(name = 'root'): Promise<TestPerson> {
    const link = await this.server.createSetUpPath();
    const body = { secret: link?.path.slice('/#/setup/'.length), name, password: 'correct horse' };
    return personOf(await this.rest('POST', '/api/setup', body));
  }

  /** The secret of an invitation that `by` makes. */
  async invite(by: TestPerson, kind: 'account' | 'guest', usesMax = 100): Promise<string> {
    const response = await this.rest('POST', '/api/invitations', { kind, usesMax, days: 1 }, by.token);
    return ((await response.json()) as { readonly secret: string }).secret;
  }

  async guest(secret: string, displayName = 'Gast'): Promise<TestPerson> {
    return personOf(await this.rest('POST', '/api/guest', { secret, displayName }));
  }

  rest(method: string, path: string, body?: unknown, token?: string): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async connect(person: TestPerson, transport: TransportName = 'websocket'): Promise<TestSession> {
    const session = this.open(person, transport);
    await session.opened;
    return session;
  }

  /** Begins a session and waits for nothing. */
  open(person: TestPerson, transport: TransportName = 'websocket'): TestSession {
    const tcp = transport === 'tcp' && { tcp: `tcp://127.0.0.1:${this.server.tcpAddress?.port}` };
    const options = { transports: [transport], token: () => person.token, ...tcp };
    const session = new TestSession(createWireClient(`${this.url}/everywire`, options));
    this.#sessions.push(session);
    return session;
  }

  /** Cuts every WebSocket, as a network does. The sessions live on. */
  cutWebSockets(): void {
    for (const socket of this.#upgraded) socket.destroy();
    this.#upgraded.clear();
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.wire.close();
    await this.server.close({ deadlineMs: 500 });
    await this.#dispose();
  }
}

/** The store that is shipped, without its threads: a place of its own for each test starts faster so. */
function openStore({ store: given, chatLimits }: TestPlaceOptions): TestStore {
  if (given !== undefined) return { store: given, dispose: () => given.close() };
  const directory = mkdtempSync(join(tmpdir(), 'everywire-place-'));
  const store = createSqliteStore({
    ...{ file: join(directory, 'store.sqlite'), checkpoint: 'inline', search: 'inline' },
    ...(chatLimits === undefined ? {} : { chatLimits }),
  });
  const dispose = async (): Promise<void> => {
    await store.close();
    rmSync(directory, { recursive: true });
  };
  return { store, dispose };
}

async function personOf(response: Response): Promise<TestPerson> {
  const { me, token } = (await response.json()) as { me: { id: number; name: string }; token: string };
  return { id: me.id, name: me.name, token };
}

/** One device: asks, and keeps every event until a test looks for it. */
export class TestSession {
  readonly wire: WireClient;
  readonly events: ServerEvent[] = [];
  readonly opened: Promise<void>;
  /** Resolves with the code of the verdict. */
  readonly closed: Promise<string>;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #looking = new Set<() => void>();
  #next = 0;

  constructor(wire: WireClient) {
    this.wire = wire;
    this.opened = new Promise((resolve, reject) => {
      wire.addEventListener('open', () => resolve(), { once: true });
      wire.addEventListener('close', () => reject(new Error(`never opened: ${JSON.stringify(wire.status)}`)), {
        once: true,
      });
    });
    this.closed = new Promise((resolve) => {
      wire.addEventListener('close', () => {
        const { status } = wire;
        resolve(status.state === 'closed' ? status.verdict.code : status.state);
      });
    });
    wire.addEventListener('message', (event) => this.#onMessage((event as MessageEvent<string>).data));
  }

  /** The whole answer, which is of its schema. A keyed command gets an id unless it has one. */
  async ask(asked: Asked): Promise<Answer> {
    this.#next += 1;
    const id = isKeyedCommand(asked as Request) ? { id: newCommandId() } : {};
    const answer = await this.askRaw({ ...id, ...asked, i: this.#next }, this.#next);
    if ('ok' in answer) checkAnswer(asked.command, answer.ok);
    return answer;
  }

  /** The body of a success; fails the test otherwise. */
  async ok<Name extends Asked['command']>(asked: Asked & { readonly command: Name }): Promise<Answers[Name]> {
    const answer = await this.ask(asked);
    if ('error' in answer) throw new Error(`${asked.command} was refused with ${answer.error.code}`);
    return answer.ok as Answers[Name];
  }

  /** The code of a refusal, or `ok`. */
  async code(asked: Asked): Promise<ErrorCode | 'ok'> {
    const answer = await this.ask(asked);
    return 'error' in answer ? answer.error.code : 'ok';
  }

  askRaw(message: unknown, i: number): Promise<Answer> {
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(i, resolve));
    const plain = typeof message === 'string' || message instanceof Uint8Array;
    this.wire.send(plain ? message : JSON.stringify(message));
    return answer;
  }

  /** Waits until everything that was asked before, and every hint that was published before its answer, is here. */
  async settle(): Promise<void> {
    await this.ok({ command: 'people', ids: [] });
  }

  /** The first event, already here or to come, that matches. */
  async event<Kind extends ServerEvent['event']>(
    kind: Kind,
    matches: (event: Extract<ServerEvent, { event: Kind }>) => boolean = () => true,
  ): Promise<Extract<ServerEvent, { event: Kind }>> {
    for (;;) {
      const found = this.events.find(
        (event): event is Extract<ServerEvent, { event: Kind }> =>
          event.event === kind && matches(event as Extract<ServerEvent, { event: Kind }>),
      );
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#looking.add(resolve));
    }
  }

  #onMessage(text: string): void {
    const message = JSON.parse(text) as Answer | ServerEvent;
    if ('event' in message) {
      this.events.push(message);
      for (const look of this.#looking) look();
      this.#looking.clear();
      return;
    }
    this.#waiting.get(message.i)?.(message);
    this.#waiting.delete(message.i);
  }
}

/** Throws where a success is not of the schema that REST and its description tell of it. */
function checkAnswer(command: Asked['command'], body: unknown): void {
  const faults = commandAnswerFaults(command, body);
  if (faults.length > 0) throw new Error(`${command} was answered with ${JSON.stringify(body)}: ${faults.join(', ')}`);
}

export function newCommandId(): string {
  return randomBytes(16).toString('hex');
}
