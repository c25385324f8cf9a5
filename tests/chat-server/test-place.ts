import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Accounts, ChatLimits, FileRecords, Store } from '@everywire/chat';
import {
  type AttachmentLimits,
  type ChatServer,
  type ChatServerOptions,
  createChatServer,
} from '@everywire/chat-server';
import { createWireClient, type TransportName } from '@everywire/client';
import { DirectoryFiles } from '@everywire/files-directory';
import { createSqliteStore } from '@everywire/store-sqlite';
import { failOnBroken } from '../fail-on-broken.js';
import { TestSession } from './test-session.js';

/** A user with one sign-in. */
export interface TestPerson {
  readonly id: number;
  readonly name: string;
  /** The token of the sign-in. */
  readonly token: string;
}

/** All ports over one database. */
export type PlaceStore = Store & Accounts & FileRecords;

/** Options of the chat server, and of the store and files of the test. */
export interface TestPlaceOptions extends Partial<Omit<ChatServerOptions, 'store' | 'accounts'>> {
  /** The store; by default a new one in a temporary directory, which `stop` removes. */
  readonly store?: PlaceStore;
  /** The limits of a store that is created here. */
  readonly chatLimits?: ChatLimits;
  /** The directory for attached files. Without one, files cannot be attached. */
  readonly filesDirectory?: string;
  readonly attachmentLimits?: Partial<AttachmentLimits>;
  /** The port for raw TCP; 0 picks a free one. */
  readonly tcpPort?: number;
}

/** An open store. */
interface TestStore {
  readonly store: PlaceStore;
  /** Closes the store and removes its directory. */
  readonly dispose: () => Promise<void>;
}

/** A real chat server on a free port, with registration open. Creates users and their sessions. */
export class TestPlace {
  /** The lines that the server has logged. */
  readonly lines: string[];
  readonly #sessions: TestSession[] = [];
  /** The sockets of all WebSockets. */
  readonly #upgraded = new Set<Duplex>();
  readonly store: PlaceStore;
  server: ChatServer;
  readonly url: string;
  readonly #options: TestPlaceOptions;
  readonly #dispose: () => Promise<void>;

  private constructor(
    { store, dispose }: TestStore,
    options: TestPlaceOptions,
    { server, lines, url }: Pick<TestPlace, 'server' | 'lines' | 'url'>,
  ) {
    this.store = store;
    this.#dispose = dispose;
    this.#options = options;
    this.server = server;
    this.url = url;
    this.lines = lines;
    this.#recordUpgrades();
  }

  /** Starts a server. */
  static async start(options: TestPlaceOptions = {}): Promise<TestPlace> {
    const opened = openStore(options);
    try {
      return await TestPlace.#startOver(opened, options);
    } catch (error) {
      await opened.dispose();
      throw error;
    }
  }

  static async #startOver(opened: TestStore, options: TestPlaceOptions): Promise<TestPlace> {
    const lines: string[] = [];
    const server = await TestPlace.#create(opened.store, options, lines);
    const { port } = await server.listen({ port: 0, host: '127.0.0.1', tcpPort: options.tcpPort ?? null });
    return new TestPlace(opened, options, { server, lines, url: `http://127.0.0.1:${port}` });
  }

  static async #create(
    store: PlaceStore,
    { filesDirectory, attachmentLimits = {}, tcpPort: _, chatLimits: __, ...options }: TestPlaceOptions,
    lines: string[],
  ): Promise<ChatServer> {
    const note = (line: string, cause?: unknown): void => {
      lines.push(cause instanceof Error ? `${line} ${cause.stack}` : line);
      failOnBroken(line.slice(0, line.indexOf(':')), line);
    };
    return createChatServer({
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
      store,
      accounts: store,
    });
  }

  /**
   * Replaces the server by another one that takes over its sessions. `between` may change the frozen sessions in transit.
   * Returns the number of sessions that were taken over.
   */
  async replaceServer(
    between: (sessions: readonly string[]) => Promise<readonly string[]> = async (sessions) => sessions,
  ): Promise<number> {
    const sessions = await between(await this.server.freeze());
    await this.server.close({ deadlineMs: 0 });
    this.server = await TestPlace.#create(this.store, this.#options, this.lines);
    this.#recordUpgrades();
    const restored = this.server.restore({ sessions, awayMs: 0 });
    await this.server.listen({ port: Number(new URL(this.url).port), host: '127.0.0.1' });
    return restored;
  }

  #recordUpgrades(): void {
    const { emit } = this.server.http;
    const upgraded = this.#upgraded;
    this.server.http.emit = function record(this: unknown, event: string | symbol, ...parts: unknown[]): boolean {
      if (event === 'upgrade') upgraded.add(parts[1] as Duplex);
      return Reflect.apply(emit, this, [event, ...parts]);
    };
  }

  /** Registers a user, with the password `correct horse`. */
  async register(name: string): Promise<TestPerson> {
    const response = await this.rest('POST', '/api/register', { name, password: 'correct horse' });
    return personOf(response);
  }

  /** Creates the first administrator by the set-up link. */
  async setUp(name = 'root'): Promise<TestPerson> {
    const link = await this.server.createSetUpPath();
    const body = { secret: link?.path.slice('/#/setup/'.length), name, password: 'correct horse' };
    return personOf(await this.rest('POST', '/api/setup', body));
  }

  /** Creates an invitation by `by` and returns its secret. */
  async invite(by: TestPerson, kind: 'account' | 'guest', usesMax = 100): Promise<string> {
    const response = await this.rest('POST', '/api/invitations', { kind, usesMax, days: 1 }, by.token);
    return ((await response.json()) as { readonly secret: string }).secret;
  }

  /** Creates a guest by the secret of an invitation. */
  async guest(secret: string, displayName = 'Gast'): Promise<TestPerson> {
    return personOf(await this.rest('POST', '/api/guest', { secret, displayName }));
  }

  /** Sends a request to the REST interface. */
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

  /** Opens a session of a user. */
  async connect(person: TestPerson, transport: TransportName = 'websocket'): Promise<TestSession> {
    const session = this.open(person, transport);
    await session.opened;
    return session;
  }

  /** Opens a session without waiting for it. */
  open(person: TestPerson, transport: TransportName = 'websocket'): TestSession {
    const tcp = transport === 'tcp' && { tcp: `tcp://127.0.0.1:${this.server.tcpAddress?.port}` };
    const options = { transports: [transport], token: () => person.token, ...tcp };
    const session = new TestSession(createWireClient(`${this.url}/everywire`, options));
    this.#sessions.push(session);
    return session;
  }

  /** Cuts every WebSocket, as a network failure does. The sessions stay alive. */
  cutWebSockets(): void {
    for (const socket of this.#upgraded) socket.destroy();
    this.#upgraded.clear();
  }

  /** Ends all sessions and stops the server. */
  async stop(): Promise<void> {
    for (const session of this.#sessions) session.wire.close();
    await this.server.close({ deadlineMs: 500 });
    await this.#dispose();
  }
}

/** Opens the production store without its threads, so that a store for each test starts faster. */
function openStore({ store: existing, chatLimits }: TestPlaceOptions): TestStore {
  if (existing !== undefined) return { store: existing, dispose: () => existing.close() };
  const directory = mkdtempSync(join(tmpdir(), 'everywire-place-'));
  const store = createSqliteStore({
    file: join(directory, 'store.sqlite'),
    checkpoint: 'inline',
    search: 'inline',
    ...(chatLimits === undefined ? {} : { chatLimits }),
  });
  const dispose = async (): Promise<void> => {
    await store.close();
    rmSync(directory, { recursive: true });
  };
  return { store, dispose };
}

/** Returns the user of the answer to a sign-in. */
async function personOf(response: Response): Promise<TestPerson> {
  const { me, token } = (await response.json()) as { me: { id: number; name: string }; token: string };
  return { id: me.id, name: me.name, token };
}
