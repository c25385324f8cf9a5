import { connect, type Socket } from 'node:net';
import { eventually, type Listening } from './hand-client.js';

/** An event as a browser would dispatch it. */
interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: string;
}

/** Every reader of a test, to be closed after it. */
export const readers: RawReader[] = [];

/**
 * A reader of the raw event stream, that is, of a topic without our client. Parses the bytes of HTTP by hand, as the HTML
 * standard defines for `EventSource`.
 */
export class RawReader {
  readonly socket: Socket;
  /** Everything received. */
  text = '';
  /** Whether the connection has ended. */
  gone = false;

  constructor(server: Listening, query: string, headers: Record<string, string> = {}) {
    this.socket = connect(server.port, '127.0.0.1');
    this.socket.setEncoding('utf8');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.socket.write(
      `GET /everywire/raw-event-stream${query} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${lines.join('')}\r\n`,
    );
    this.socket.on('data', (piece: string) => {
      this.text += piece;
    });
    this.socket.on('close', () => {
      this.gone = true;
    });
    this.socket.on('error', () => undefined);
    readers.push(this);
  }

  get head(): string {
    return this.text.slice(0, this.text.indexOf('\r\n\r\n'));
  }

  get status(): number {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.text)?.[1] ?? 0);
  }

  /** The body without its chunk lengths. */
  get body(): string {
    return this.text
      .slice(this.head.length + 4)
      .replaceAll(/(^|\r\n)[0-9a-f]+\r\n/g, '')
      .replaceAll('\r\n', '');
  }

  /** The complete events received so far. */
  get events(): readonly Event[] {
    let id = '';
    const events: Event[] = [];
    for (const block of this.body.split('\n\n').slice(0, -1)) {
      const fields = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/s.exec(line) as RegExpExecArray);
      const valuesOf = (name: string): string[] =>
        fields.filter((field) => field[1] === name).map((field) => field[2]!);
      id = valuesOf('id')[0] ?? id;
      const data = valuesOf('data');
      if (data.length > 0) events.push({ id, type: valuesOf('event')[0] ?? 'message', data: data.join('\n') });
    }
    return events;
  }

  /** The data of each event, with its type before it unless it is `message`. */
  get said(): readonly string[] {
    return this.events.map(({ type, data }) => (type === 'message' ? data : `${type} ${data}`));
  }

  /** The id with which a browser would reconnect. */
  get lastId(): string {
    return [...this.body.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '';
  }

  /** Waits for the first part of the body. */
  async begun(): Promise<this> {
    await eventually(() => this.body.includes('\n\n'));
    return this;
  }

  /** Waits for this many events. */
  async receives(count: number): Promise<readonly string[]> {
    await eventually(() => this.events.length >= count);
    return this.said;
  }

  cut(): void {
    this.socket.destroy();
  }
}

/** Returns the header with which a browser reconnects after the event of this id. */
export const comingAfter = (id: string): Record<string, string> => ({ 'Last-Event-ID': id });
