// Over 300 lines: one node with its links, its applications and their history, as a rollback restores them.
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

/** The outputs of a node; a node that only replays its past has none. */
export interface NodeOutputs {
  record(key: string, record: ServerRecord): void;
  messages(key: string, messages: readonly Message[]): void;
  end(key: string): void;
  schedule(): void;
  tickAt(session: ServerSession, at: number): void;
  delivered(app: ServerApplication, message: Message): void;
  ended(app: ServerApplication, verdict: Verdict): void;
  token(app: ServerApplication): void;
  /** A poll that is not held arrived: accepted, or this many milliseconds too early. */
  polled(app: ServerApplication, ms: number): void;
  confirmed(app: ServerApplication): void;
}

/** The application's side of one session: the messages sent, received and not settled yet. */
export interface ServerApplication extends Readonly<Record<'sent' | 'got' | 'queue', Message[]>> {
  readonly session: ServerSession;
  /** `null` if recording is off, and for a session that came from another node. */
  readonly recorder: ServerRecorder | null;
  confirmed: boolean;
  /** Whether another node has taken it over. */
  gone: boolean;
}

export interface NodeOptions extends RegistryOptions {
  /** Whether polls are not held (SN-34). */
  readonly paced: boolean;
  readonly recorded: boolean | undefined;
  /** The suffix of its session ids. */
  readonly ids: string;
}

/** The least time between two polls of one session that are not held. */
export const pollApartMs = 250;

/** Records without a limit, so that a replay covers the whole session. */
export const everything = { wholeBytes: Number.POSITIVE_INFINITY, latestBytes: 0 };

type Input = (node: ServerNode) => void;

/**
 * Wraps the real registry. Keeps every input if a rollback is planned: the machine has no clock and no randomness of
 * its own, so feeding the first inputs to a new one restores a snapshot.
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

  /** The number of inputs so far: a point to restore. */
  get inputs(): number {
    return this.#log?.length ?? 0;
  }

  get openLinks(): readonly ServerLink[] {
    return [...this.#links.values()];
  }

  /** The confirmed session; there may be none yet, and never two. */
  get application(): ServerApplication | undefined {
    for (const application of this.applications) if (application.confirmed && !application.gone) return application;
    return undefined;
  }

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

  /** Sends as a room does to its members: two of three messages, where they follow each other, in one batch. */
  #sendOnMessageBatch(session: ServerSession, message: Message): boolean {
    if (message.serial % 3 === 0) return false;
    if (this.#messageBatch?.add(message) !== true) this.#messageBatch = new MessageBatch(message);
    return session.sendRun(this.#messageBatch, this.#messageBatch.length - 1, this.#messageBatch.length);
  }

  settle(application: ServerApplication): void {
    const index = this.applications.indexOf(application);
    this.#input((node) => {
      const settling = node.applications[index];
      const message = settling?.queue.shift();
      if (message) settling?.session.consumed(message);
    });
  }

  reset(topic: string): void {
    this.#input((node) => node.application?.session.reset(topic));
  }

  /** Renews the token for this long (SN-21). */
  renew(forMs: number, now: number): void {
    this.#input((node) => node.application?.session.renew(now + forMs, now));
  }

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

  /** Returns a new node in the state of this one after its first `inputs` inputs; every link it had is gone. */
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

  /**
   * Schedules ticks again after inputs that may have moved them without the registry's notice, as a coarse timer wheel
   * would.
   */
  #retick(): void {
    for (const { session } of this.applications) if (!session.done) this.#outputs.tickAt(session, session.nextTickAt);
  }

  #input(input: Input): void {
    this.#log?.push(input);
    input(this);
  }

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

  /** Does what the server's shell does: a poll that comes too soon does not reach the session (SN-34). */
  #poll(link: ServerLink, record: AttachRecord, messages: readonly Message[], now: number): void {
    const session = this.registry.find(record.id);
    const ms = session?.takePoll(pollApartMs, now) ?? 0;
    const application = this.applications.find((one) => one.session === session && !session.done && !session.frozen);
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
      // The first in the queue is being handled.
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
