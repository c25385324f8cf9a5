import { randomBytes } from 'node:crypto';
import {
  type Answers,
  type ChatErrorCode,
  type CommandAnswer,
  isKeyedCommand,
  type KeyedCommand,
  type Request,
  type ServerEvent,
} from '@everywire/chat';
import { commandAnswerFaults } from '@everywire/chat-server/internal';
import type { WireClient } from '@everywire/client';

/** A command without its number `i`, whose command id is optional. */
type Loose<Value> = Value extends KeyedCommand ? Omit<Value, 'i' | 'id'> & { readonly id?: string } : Omit<Value, 'i'>;
/** Any request, as a test writes it. */
export type Asked = Request extends infer Each ? (Each extends Request ? Loose<Each> : never) : never;

/** One device of a user: sends commands over a real session, and keeps all received events for the test. */
export class TestSession {
  readonly wire: WireClient;
  /** All received events, in order. */
  readonly events: ServerEvent[] = [];
  /** Resolves when the session is open. */
  readonly opened: Promise<void>;
  /** Resolves with the code of the session's end. */
  readonly closed: Promise<string>;
  /** Functions that take the answer of each pending request, by its number. */
  readonly #waiting = new Map<number, (answer: CommandAnswer) => void>();
  /** Functions that are called at the next event. */
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

  /** Sends a request and returns its answer, checked against its schema. A command gets a new id unless it has one. */
  async ask(asked: Asked): Promise<CommandAnswer> {
    this.#next += 1;
    const id = isKeyedCommand(asked as Request) ? { id: newCommandId() } : {};
    const answer = await this.askRaw({ ...id, ...asked, i: this.#next }, this.#next);
    if ('ok' in answer) checkAnswer(asked.command, answer.ok);
    return answer;
  }

  /** Returns the body of a success; fails the test otherwise. */
  async ok<Name extends Asked['command']>(asked: Asked & { readonly command: Name }): Promise<Answers[Name]> {
    const answer = await this.ask(asked);
    if ('error' in answer) throw new Error(`${asked.command} was refused with ${answer.error.code}`);
    return answer.ok as Answers[Name];
  }

  /** Returns the code of a refusal, or `ok`. */
  async code(asked: Asked): Promise<ChatErrorCode | 'ok'> {
    const answer = await this.ask(asked);
    return 'error' in answer ? answer.error.code : 'ok';
  }

  /** Sends any message, and returns the answer with the number `i`. */
  askRaw(message: unknown, i: number): Promise<CommandAnswer> {
    const answer = new Promise<CommandAnswer>((resolve) => this.#waiting.set(i, resolve));
    const plain = typeof message === 'string' || message instanceof Uint8Array;
    this.wire.send(plain ? message : JSON.stringify(message));
    return answer;
  }

  /** Waits until all earlier commands are answered and all events published before these answers have arrived. */
  async settle(): Promise<void> {
    await this.ok({ command: 'people', ids: [] });
  }

  /** Returns the first matching event. Waits for it if none has arrived. */
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
    const message = JSON.parse(text) as CommandAnswer | ServerEvent;
    if ('event' in message) {
      this.events.push(message);
      for (const check of this.#looking) check();
      this.#looking.clear();
      return;
    }
    this.#waiting.get(message.i)?.(message);
    this.#waiting.delete(message.i);
  }
}

/** Throws if the result does not match its declared schema. */
function checkAnswer(command: Asked['command'], body: unknown): void {
  const faults = commandAnswerFaults(command, body);
  if (faults.length > 0) throw new Error(`${command} was answered with ${JSON.stringify(body)}: ${faults.join(', ')}`);
}

/** Returns a new random command id. */
export function newCommandId(): string {
  return randomBytes(16).toString('hex');
}
