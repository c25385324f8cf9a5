// Over 300 lines, because a rollback restores the links, the applications and their history together.
import type { Verdict } from '@everywire/protocol';
import type { RegistryOptions } from '@everywire/protocol/internal';
import {
  type AttachRecord,
  type ClientRecord,
  type LinkKind,
  type Message,
  MessageBatch,
  type OpenRecord,
  RecordingBuffer,
  type ServerLink,
  type ServerRecord,
  ServerRecorder,
  type ServerSession,
  type ServerSessionIo,
  SessionRegistry,
  type SessionSnapshot,
} from '@everywire/protocol/internal';

/** The outputs of a node. They are ignored while a restored node replays its past. */
export interface NodeOutputs {
  /** The node writes a record to the link of this key. */
  record(key: string, record: ServerRecord): void;
  messages(key: string, messages: readonly Message[]): void;
  end(key: string): void;
  /** The node wants a `flush`. */
  schedule(): void;
  /** The session wants a `tick` at this time. */
  tickAt(session: ServerSession, at: number): void;
  delivered(app: ServerApplication, message: Message): void;
  ended(app: ServerApplication, verdict: Verdict): void;
  /** The client has sent a token. */
  token(app: ServerApplication): void;
  /** A short poll arrived. `ms` is 0 if it was accepted, otherwise by how many milliseconds it came too early. */
  polled(app: ServerApplication, ms: number): void;
  confirmed(app: ServerApplication): void;
}

/**
 * The application's side of one session at the server: the messages that it has sent, those that it has received (`got`),
 * and of these the ones that it has not processed yet (`queue`).
 */
export interface ServerApplication extends Readonly<Record<'sent' | 'got' | 'queue', Message[]>> {
  readonly session: ServerSession;
  /** Records the session; `null` if recording is off, and for a session that came from another node. */
  readonly recorder: ServerRecorder | null;
  confirmed: boolean;
  /** Whether another node has taken it over. */
  gone: boolean;
}

/** Options of a simulated server node. */
export interface NodeOptions extends RegistryOptions {
  /** Whether polls are short, that is, answered immediately (SN-34). */
  readonly paced: boolean;
  /** Whether new sessions are recorded. */
  readonly recorded: boolean | undefined;
  /** The suffix of its session ids. */
  readonly ids: string;
}

/** The least milliseconds between two short polls of one session. */
export const pollApartMs = 250;

/** Options of a recording without a limit, so that a replay covers the whole session. */
export const everything = { wholeBytes: Number.POSITIVE_INFINITY, latestBytes: 0 };

/** An input to a node, such as a received record, as a function that repeats it on any node. */
type Input = (node: ServerNode) => void;

/**
 * Simulates a server node: the real session registry, and the applications of its sessions. If a rollback is planned,
 * keeps every input. Sessions have no clock and no randomness of their own, so a new node that receives the first inputs
 * again has the state that this node had then.
 */
export class ServerNode {
  readonly registry: SessionRegistry;
  readonly applications: ServerApplication[] = [];
  readonly #name: string;
  readonly #options: NodeOptions;
  readonly #outputs: NodeOutputs;
  readonly #links = new Map<string, ServerLink>();
  readonly #log: Input[] | undefined;
  #ids = 0;
  #messageBatch: MessageBatch | null = null;

  constructor(name: string, options: NodeOptions, outputs: NodeOutputs, keepInputs: boolean) {
    this.#name = name;
    this.#options = options;
    this.#outputs = outputs;
    this.#log = keepInputs ? [] : undefined;
    this.registry = new SessionRegistry(
      {
        schedule: () => outputs.schedule(),
        sooner: (session) => outputs.tickAt(session as ServerSession, session.nextTickAt),
        id: () => {
          this.#ids += 1;
          return `${name}${options.ids}${this.#ids}`;
        },
      },
      { ...options, locator: `.${name}` },
    );
  }

  /** The number of inputs so far. It identifies the current state for `restored`. */
  get inputs(): number {
    return this.#log?.length ?? 0;
  }

  /** The links that the node holds. */
  get openLinks(): readonly ServerLink[] {
    return [...this.#links.values()];
  }

  /** The application of the confirmed session. A node has at most one. `undefined` if there is none yet. */
  get application(): ServerApplication | undefined {
    for (const application of this.applications) if (application.confirmed && !application.gone) return application;
    return undefined;
  }

  /** Receives a record, with the messages of the same request, on the link of this key. */
  record(key: string, kind: LinkKind, record: ClientRecord, messages: readonly Message[], now: number): void {
    this.#input((node) => {
      const link = node.#link(key, kind);
      if (record.t === 'open') node.#open(link, record, messages, now);
      else if (node.#options.paced && kind === 'poll' && record.t === 'attach') node.#poll(link, record, messages, now);
      else link.record(record, messages, now);
      node.#retick();
    });
  }

  message(key: string, message: Message, now: number): void {
    this.#input((node) => node.#link(key, 'duplex').message(message, now));
  }

  ended(key: string, now: number): void {
    this.#input((node) => {
      node.#links.get(key)?.ended(now);
      node.#links.delete(key);
    });
  }

  flush(now: number): void {
    this.#input((node) => node.registry.flush(now));
  }

  tick(id: string, now: number): void {
    this.#input((node) => node.registry.find(id)?.tick(now));
    this.#input((node) => node.registry.tick(now));
  }

  /** Sends a message of the server's application. Returns whether it was accepted. */
  send(message: Message): boolean {
    let accepted = false;
    this.#input((node) => {
      const { session } = node.application ?? {};
      const result = session && (node.#sendOnMessageBatch(session, message) ? 'ok' : session.send(message));
      accepted = result === 'ok' || result === 'above';
      if (accepted) node.application?.sent.push(message);
    });
    return accepted;
  }

  /**
   * Sends a message in a batch, as a publication to many sessions. Of three consecutive messages, two share a batch.
   * Returns whether it was sent; every third message is not sent in a batch.
   */
  #sendOnMessageBatch(session: ServerSession, message: Message): boolean {
    if (message.serial % 3 === 0) return false;
    if (this.#messageBatch?.add(message) !== true) this.#messageBatch = new MessageBatch(message);
    return session.sendRun(this.#messageBatch, this.#messageBatch.length - 1, this.#messageBatch.length);
  }

  /** Lets the application finish with its oldest received message. */
  settle(application: ServerApplication): void {
    const index = this.applications.indexOf(application);
    this.#input((node) => {
      const settling = node.applications[index];
      const message = settling?.queue.shift();
      if (message) settling?.session.consumed(message);
    });
  }

  /** Sends a reset of a topic. */
  reset(topic: string): void {
    this.#input((node) => node.application?.session.reset(topic));
  }

  /** Renews the token for this long (SN-21). */
  renew(forMs: number, now: number): void {
    this.#input((node) => node.application?.session.renew(now + forMs, now));
  }

  /** Gives the session a new id. */
  rotate(): void {
    const { application } = this;
    if (application) this.registry.rotate(application.session);
  }

  /** Takes over a session of another node, together with its application (SN-24). */
  restore(snapshot: SessionSnapshot, from: ServerApplication, now: number): boolean {
    from.gone = true;
    const session = this.registry.restore(snapshot, (restored) => this.#application(restored, from, false), now);
    this.#retick();
    return session !== null;
  }

  close(): void {
    this.#input((node) => node.application?.session.close());
  }

  /** Returns a new node in the state that this one had after its first `inputs` inputs, but without links. */
  restored(inputs: number, outputs: NodeOutputs, now: number): ServerNode {
    const muted: NodeOutputs = {
      record: () => undefined,
      messages: () => undefined,
      end: () => undefined,
      schedule: () => undefined,
      tickAt: () => undefined,
      delivered: () => undefined,
      ended: () => undefined,
      token: () => undefined,
      polled: () => undefined,
      confirmed: () => undefined,
    };
    let live = muted;
    const node = new ServerNode(
      this.#name,
      this.#options,
      {
        record: (key, record) => live.record(key, record),
        messages: (key, messages) => live.messages(key, messages),
        end: (key) => live.end(key),
        schedule: () => live.schedule(),
        tickAt: (session, at) => live.tickAt(session, at),
        delivered: (application, message) => live.delivered(application, message),
        ended: (application, verdict) => live.ended(application, verdict),
        token: (application) => live.token(application),
        polled: (application, ms) => live.polled(application, ms),
        confirmed: (application) => live.confirmed(application),
      },
      false,
    );
    for (const input of this.#log?.slice(0, inputs) ?? []) input(node);
    for (const key of [...node.#links.keys()]) node.ended(key, now);
    node.registry.flush(now);
    live = outputs;
    node.#retick();
    return node;
  }

  /** Schedules the ticks of all sessions again, after an input that may have moved them without notice to the registry. */
  #retick(): void {
    for (const { session } of this.applications) if (!session.done) this.#outputs.tickAt(session, session.nextTickAt);
  }

  /** Performs an input, and keeps it if a rollback is planned. */
  #input(input: Input): void {
    this.#log?.push(input);
    input(this);
  }

  /** Returns the link of this key, and creates it at its first use. */
  #link(key: string, kind: LinkKind): ServerLink {
    const known = this.#links.get(key);
    if (known) return known;
    const outputs = this.#outputs;
    const link = this.registry.link(kind, kind, {
      writeRecord: (record) => outputs.record(key, record),
      writeMessages: (source, first, last) => {
        const messages: Message[] = [];
        for (let number = first; number <= last; number += 1) messages.push(source.messageAt(number));
        outputs.messages(key, messages);
      },
      end: () => {
        this.#links.delete(key);
        outputs.end(key);
      },
    });
    this.#links.set(key, link);
    return link;
  }

  /** Receives a short poll, as the real server does. A poll that comes too early does not reach the session (SN-34). */
  #poll(link: ServerLink, record: AttachRecord, messages: readonly Message[], now: number): void {
    const session = this.registry.find(record.id);
    const ms = session?.takePoll(pollApartMs, now) ?? 0;
    const application = this.applications.find(
      (candidate) => candidate.session === session && !session.done && !session.frozen,
    );
    if (application) this.#outputs.polled(application, ms);
    if (ms === 0) {
      link.record({ ...record, prompt: true }, messages, now);
      return;
    }
    link.io.writeRecord({ t: 'wait', ms });
    link.end('done', now);
  }

  #open(link: ServerLink, record: OpenRecord, messages: readonly Message[], now: number): void {
    this.registry.open(
      link,
      record,
      messages,
      (session) => this.#application(session, { sent: [], got: [] }, true),
      now,
    );
  }

  /** Creates the application of a session. `isNew` is false for a session that came from another node. */
  #application(
    session: ServerSession,
    { sent, got }: Pick<ServerApplication, 'sent' | 'got'>,
    isNew: boolean,
  ): ServerSessionIo {
    const queue: Message[] = [];
    const io: ServerSessionIo = this.#io(() => application);
    const recorder =
      isNew && this.#options.recorded
        ? new ServerRecorder(session, io, this.registry, new RecordingBuffer(everything))
        : null;
    const application: ServerApplication = { session, recorder, sent, got, queue, confirmed: false, gone: false };
    this.applications.push(application);
    return io;
  }

  #io(applicationOf: () => ServerApplication): ServerSessionIo {
    return {
      begun: () => undefined,
      confirmed: () => {
        applicationOf().confirmed = true;
        this.#outputs.confirmed(applicationOf());
      },
      deliver: (message) => {
        applicationOf().got.push(message);
        applicationOf().queue.push(message);
        this.#outputs.delivered(applicationOf(), message);
      },
      // Takes back all messages except the first in the queue, which the application is processing.
      recall: () => {
        const back = applicationOf().queue.splice(1);
        applicationOf().got.length -= back.length;
        return back;
      },
      token: () => this.#outputs.token(applicationOf()),
      ended: (verdict) => this.#outputs.ended(applicationOf(), verdict),
      drain: () => undefined,
      changed: () => undefined,
    };
  }
}
