import type { ServerSettings } from './server-settings.js';

type Data = string | Uint8Array;

/** The part of a session that the application uses. `WireSession` of the server package implements it. */
export interface ApplicationSession {
  /** Handles a request of the client. May throw an error with a `code`. */
  onRequest: ((data: Data, ...rest: never) => unknown) | null;
  onMessage: ((data: Data) => void | Promise<void>) | null;
  send(data: Data): boolean;
  join(topic: string): void;
  leave(topic: string): void;
  request(data: Data): Promise<Data>;
  rotate(): void;
  close(): void;
  end(code: string): void;
}

/** The part of the server that the application uses. */
export interface ApplicationServer {
  publish(topic: string, data: Data): void;
}

type Command = (session: ApplicationSession, words: readonly string[]) => void | Promise<void>;

/**
 * Creates the application of the server under test, as specified in `docs/spec/conformance.md`. It executes texts that
 * begin with a command word, and echoes every other message.
 *
 * @param server returns the server. Called late, because the server is created with the result of this function.
 * @param settings the settings that differ from the specification
 */
export function createApplication(
  server: () => ApplicationServer,
  settings: Partial<ServerSettings> = {},
): (session: ApplicationSession) => void {
  const commands: Readonly<Record<string, Command>> = {
    settings: (session) => void session.send(JSON.stringify(settings)),
    fill: (session, [count, length]) => {
      for (const text of filling(count, length)) session.send(text);
    },
    join: (session, [topic = '']) => {
      session.join(topic);
      session.send(`joined ${topic}`);
    },
    leave: (session, [topic = '']) => {
      session.leave(topic);
      session.send(`left ${topic}`);
    },
    publish: (_session, [topic = '', count, length]) => {
      for (const text of filling(count, length)) server().publish(topic, text);
    },
    slow: async (session, [milliseconds]) => {
      session.send('begun');
      await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
      session.send('done');
    },
    ask: (session, [question = '']) => {
      // Not awaited: the client's reply comes after this message, which must settle first.
      session.request(question).then(
        (reply) => session.send(`replied ${String(reply)}`),
        (error: { readonly code: string }) => session.send(`failed ${error.code}`),
      );
    },
    rotate: (session) => session.rotate(),
    close: (session) => session.close(),
    end: (session, [code = '']) => session.end(code),
  };
  return (session) => {
    session.onRequest = onRequest;
    session.onMessage = (data) => {
      const [word = '', ...words] = typeof data === 'string' ? data.split(' ') : [];
      const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
      if (command !== undefined) return command(session, words);
      session.send(data);
    };
  };
}

/** Replies to a request with its own data; `fail C` fails with the code C. */
function onRequest(data: Data): Data {
  const [word, code = ''] = typeof data === 'string' ? data.split(' ') : [];
  if (word === 'fail') throw Object.assign(new Error(code), { code });
  return data;
}

/** Yields `count` texts of `length` characters, each beginning with its number. */
function* filling(count: string | undefined, length: string | undefined): Iterable<string> {
  for (let number = 1; number <= Number(count); number += 1) yield `${number} `.padEnd(Number(length), 'x');
}
