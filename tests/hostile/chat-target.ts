import { createWireClient } from '@everywire/client';
import type { TestPerson } from '../chat-server/test-place.js';
import { TestSession } from '../chat-server/test-session.js';
import type { ChatProgramOptions, ChatReport } from './chat-program.js';
import { ServerProcess } from './server-process.js';

const password = 'correct horse';

/** The attacked chat server, in a separate process. Creates users and their sessions. */
export class ChatTarget extends ServerProcess<ChatReport, never> {
  readonly #sessions: TestSession[] = [];

  static async start(options: ChatProgramOptions = {}): Promise<ChatTarget> {
    return new ChatTarget(...(await ServerProcess.fork('chat-program', options)));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Sends a request to the REST interface. A body that is a string is sent as it is. */
  rest(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(this.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
  }

  /** Returns the code of a refusal, or the status. */
  async code(method: string, path: string, body?: unknown, person?: TestPerson): Promise<string | number> {
    const headers: Record<string, string> = person === undefined ? {} : { authorization: `Bearer ${person.token}` };
    const answer = await this.rest(method, path, body, headers);
    const text = await answer.text();
    return text.startsWith('{') ? ((JSON.parse(text) as { code?: string }).code ?? answer.status) : answer.status;
  }

  /** Registers a new person under an unused name. */
  async newcomer(): Promise<TestPerson> {
    newcomers += 1;
    const name = `newcomer-${newcomers}`;
    const answer = await this.rest('POST', '/api/register', { name, password });
    const { me, token } = (await answer.json()) as { me: { id: number }; token: string };
    return { id: me.id, name, token };
  }

  /** Opens a session of a user. */
  async connect(person: TestPerson): Promise<TestSession> {
    const session = new TestSession(
      createWireClient(`${this.url}/everywire`, { transports: ['websocket'], token: () => person.token }),
    );
    this.#sessions.push(session);
    await session.opened;
    return session;
  }

  /** Opens a session of a new person, and a conversation with another new person who is connected too. */
  async pair(): Promise<Pair> {
    const [ann, bob] = [await this.newcomer(), await this.newcomer()];
    const [a, b] = [await this.connect(ann), await this.connect(bob)];
    const { conversation } = await a.ok({ command: 'createDirect', peer: bob.id });
    return { ann, bob, a, b, conversation };
  }

  closeSessions(): void {
    for (const session of this.#sessions.splice(0)) session.wire.close();
  }
}

/** Two users with a session each (`a`, `b`), and their direct conversation. */
export interface Pair {
  readonly ann: TestPerson;
  readonly bob: TestPerson;
  readonly a: TestSession;
  readonly b: TestSession;
  readonly conversation: number;
}

/** Number of registered users, for unused names. */
let newcomers = 0;
