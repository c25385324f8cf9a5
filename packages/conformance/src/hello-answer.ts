import type { Connection } from './connection.js';
import { expectEqual } from './mismatch.js';
import type { HttpReply } from './test-link.js';

/** The first line of a client of this version, and of a server that accepts it (TR-44). */
export const HELLO = 'everywire.2\n';

/** The frames of a raw TCP connection after its hello. */
export class HelloAnswer implements HttpReply {
  readonly connection: Connection;
  readonly headers: ReadonlyMap<string, string> = new Map();

  private constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Waits for the hello of the server. @throws Mismatch if it sends another line */
  static async read(connection: Connection): Promise<HelloAnswer> {
    await connection.until('an answer to hello', () => connection.bytes.length >= HELLO.length);
    expectEqual('the answer to hello', connection.bytes.toString('latin1', 0, HELLO.length), HELLO);
    return new HelloAnswer(connection);
  }

  get body(): HttpReply['body'] {
    const { bytes, ended } = this.connection;
    return { bytes: bytes.subarray(HELLO.length), whole: ended };
  }
}
