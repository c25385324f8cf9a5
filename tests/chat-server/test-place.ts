import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  type Accounts,
  type Answer,
  type Answers,
  type ErrorCode,
  type FileRecords,
  isKeyedCommand,
  type KeyedCommand,
  type Request,
  type ServerEvent,
  type Store,
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
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { createSqliteStore } from '@everywire/store-sqlite';

/** The union keeps its parts: what a client writes, without `i`, and with `id` only where it wants a certain one. */
type Loose<Value> = Value extends KeyedCommand ? Omit<Value, 'i' | 'id'> & { readonly id?: string } : Omit<Value, 'i'>;
export type Asked = Request extends infer Each ? (Each extends Request ? Loose<Each> : never) : never;

export interface TestPerson {
  readonly id: number;
  readonly name: string;
  readonly token: string;
}

export interface TestPlaceOptions extends Partial<ChatServerOptions> {
  /** Default: memory. */
  readonly over?: 'memory' | 'sqlite';
  /** Lets files be attached, and keeps them there. */
  readonly filesDirectory?: string;
  readonly attachmentLimits?: Partial<AttachmentLimits>;
}

interface Kept {
  readonly store: Store & FileRecords;
  readonly accounts: Accounts;
  readonly dispose: () => Promise<void>;
}

/** A real chat server on a free port. */
export class TestPlace {
  readonly lines: readonly string[];
  readonly #sessions: TestSession[] = [];
  readonly #upgraded = new Set<Duplex>();
  readonly store: Kept['store'];
  readonly accounts: Accounts;
  readonly server: ChatServer;
  readonly url: string;

  readonly #dispose: () => Promise<void>;

  private constructor({ store, accounts, dispose }: Kept, server: ChatServer, url: string, lines: readonly string[]) {
    this.store = store;
    this.accounts = accounts;
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

  static async start({
    over = 'memory',
    filesDirectory,
    attachmentLimits = {},
    ...options
  }: TestPlaceOptions = {}): Promise<TestPlace> {
    const lines: string[] = [];
    const note = (line: string, cause?: unknown): void => {
      lines.push(cause instanceof Error ? `${line} ${cause.stack}` : line);
    };
    const kept = over === 'memory' ? inMemory(options) : await inSqlite(options);
    const { store } = kept;
    const accounts = options.accounts ?? kept.accounts;
    const server = await createChatServer({
      store,
      accounts,
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
    });
    const { port } = await server.listen({ port: 0, host: '127.0.0.1' });
    return new TestPlace({ ...kept, accounts }, server, `http://127.0.0.1:${port}`, lines);
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
    const session = new TestSession(
      createWireClient(`${this.url}/everywire`, { transports: [transport], token: () => person.token }),
    );
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
    await this.store.close();
    await this.#dispose();
  }
}

function inMemory({ chatLimits }: TestPlaceOptions): Kept {
  const store = new MemoryStore({
    epoch: randomBytes(8).toString('hex'),
    ...(chatLimits === undefined ? {} : { limits: chatLimits }),
  });
  return { store, accounts: new MemoryAccounts(), dispose: async () => undefined };
}

/** As it is shipped, but for its threads. */
async function inSqlite({ chatLimits }: TestPlaceOptions): Promise<Kept> {
  const directory = await mkdtemp(join(tmpdir(), 'everywire-place-'));
  const store = createSqliteStore({
    ...{ file: join(directory, 'store.sqlite'), checkpoint: 'inline', search: 'inline' },
    ...(chatLimits === undefined ? {} : { chatLimits }),
  });
  return { store, accounts: store, dispose: () => rm(directory, { recursive: true }) };
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
