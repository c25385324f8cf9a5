import type { Connection } from './connection.js';
import { expectEqual } from './mismatch.js';
import type { HttpReply } from './test-link.js';

/** What a client of this version says first, and what a server that takes it answers (TR-44). */
export const hello = 'everywire.2\n';

/** Raw TCP behind its hello: nothing but frames. */
export class HelloAnswer implements HttpReply {
  readonly connection: Connection;
  readonly headers: ReadonlyMap<string, string> = new Map();

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Waits for the line of the server. */
  static async read(connection: Connection): Promise<HelloAnswer> {
    await connection.until('an answer to hello', () => connection.bytes.length >= hello.length);
    expectEqual('the answer to hello', connection.bytes.toString('latin1', 0, hello.length), hello);
    return new HelloAnswer(connection);
  }

  get body(): HttpReply['body'] {
    const { bytes, ended } = this.connection;
    return { bytes: bytes.subarray(hello.length), whole: ended };
  }
}
