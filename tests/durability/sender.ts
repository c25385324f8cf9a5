import { type ChatClient, createChatClient, register, type Timeline, type TimelineRow } from '@everywire/chat-client';
import type { TransportName } from '@everywire/client';

/** A message whose commit was acknowledged to its sender. */
export interface Acknowledged {
  readonly conversation: number;
  /** `null` if the outbox released it while the device did not hold that part of the history. */
  readonly sequence: number | null;
  readonly text: string;
}

/** A message in the order in which its sender put it into the outbox. */
export interface Sent {
  readonly conversation: number;
  readonly text: string;
}

/** Number of newest rows in which a sender fills gaps. */
const rowsInSight = 30;
const transports: readonly TransportName[] = ['websocket', 'event-stream', 'fetch-stream', 'long-poll'];

/**
 * Loads gaps as the page does. An own message may be acknowledged before preceding messages of others arrive, which
 * leaves a gap.
 */
function fillGapsInSight(timeline: Timeline): void {
  for (const row of timeline.getSnapshot().rows.slice(-rowsInSight)) if (row.type === 'gap') timeline.fillGap(row.key);
}

/** A user of the SDK that records sent and acknowledged messages. */
export class Sender {
  readonly client: ChatClient;
  readonly id: number;
  readonly sent: Sent[] = [];
  /** Keyed by text, which is unique. */
  readonly acknowledged: Map<string, Acknowledged> = new Map();
  readonly #name: string;
  readonly #timelines = new Map<number, Timeline>();
  /** The rows that were examined last, by conversation. */
  readonly #examinedRows = new Map<number, readonly TimelineRow[]>();
  /** Functions that are called at the next change. */
  readonly #settling = new Set<() => void>();

  private constructor(client: ChatClient, id: number, name: string) {
    this.client = client;
    this.id = id;
    this.#name = name;
  }

  /** Registers a user, and opens a client restricted to this transport. */
  static async join(url: string, name: string, transport: TransportName): Promise<Sender> {
    const { me, token } = await register(url, { name, password: 'correct horse' });
    return new Sender(createChatClient({ url, me, token, transport }), me.id, name);
  }

  /** Signs in `person0`, `person1` and so on, with four transports in turn. */
  static joinMany(url: string, people: number): Promise<readonly Sender[]> {
    return Promise.all(
      Array.from({ length: people }, (_, index) =>
        Sender.join(url, `person${index}`, transports[index % transports.length] ?? 'websocket'),
      ),
    );
  }

  /** Shows a conversation. Must be called before `send`. */
  open(conversation: number): void {
    const timeline = this.client.openTimeline(conversation);
    this.#timelines.set(conversation, timeline);
    timeline.subscribe(() => this.#look(conversation, timeline));
  }

  /** Sends the next message, with a unique text. */
  send(conversation: number): void {
    const text = `${this.#name} ${this.sent.length}`;
    this.#timelines.get(conversation)?.send(text);
    this.sent.push({ conversation, text });
  }

  /** Number of sent messages that are not acknowledged. */
  get unacknowledged(): number {
    return this.sent.length - this.acknowledged.size;
  }

  /** Resolves when every sent message is acknowledged. */
  async drained(): Promise<void> {
    while (this.unacknowledged > 0) await new Promise<void>((resolve) => this.#settling.add(resolve));
  }

  /** Resolves when this device shows `texts` as the newest messages of a conversation. */
  async showing(conversation: number, texts: readonly string[]): Promise<void> {
    while (this.shows(conversation, texts.length).join('\n') !== texts.join('\n'))
      await new Promise<void>((resolve) => this.#settling.add(resolve));
  }

  /** Returns the texts of the newest messages that this device shows, oldest first. */
  shows(conversation: number, count: number): readonly string[] {
    const rows = this.#timelines.get(conversation)?.getSnapshot().rows ?? [];
    return rows
      .filter((row) => row.type === 'message')
      .map((row) => row.text)
      .slice(-count);
  }

  /** Describes the state of the sender for a failure report. */
  describe(): string {
    const { connection } = this.client.getSnapshot();
    const link = connection.state === 'open' ? `open by ${connection.transport}` : connection.state;
    return `${this.#name}: ${link}, ${this.unacknowledged} of ${this.sent.length} not acknowledged`;
  }

  async close(): Promise<void> {
    await this.client.close();
  }

  /** Records which of the sent messages are acknowledged. */
  #look(conversation: number, timeline: Timeline): void {
    const { rows } = timeline.getSnapshot();
    if (rows === this.#examinedRows.get(conversation)) return;
    this.#examinedRows.set(conversation, rows);
    fillGapsInSight(timeline);
    const waiting = new Set<string>();
    for (const row of rows) {
      if (row.type !== 'message' || !row.own) continue;
      if (row.sequence === null) waiting.add(row.text);
      else this.acknowledged.set(row.text, { conversation, sequence: row.sequence, text: row.text });
    }
    for (const { text } of this.sent.filter((message) => message.conversation === conversation)) {
      if (waiting.has(text) || this.acknowledged.has(text)) continue;
      this.acknowledged.set(text, { conversation, sequence: null, text });
    }
    for (const settle of this.#settling) settle();
    this.#settling.clear();
  }
}
