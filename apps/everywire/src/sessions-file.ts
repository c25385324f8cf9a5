import { join } from 'node:path';
import { type ChatServer, type Logger, saveSessions, takeSessions } from '@everywire/chat-server';

const faults = {
  copied: 'the file was copied or moved here',
  damaged: 'the file is damaged',
  other_version: 'another release wrote them',
} as const;

/** The sessions of people between two processes, in the data directory. Without them clients begin new ones: no fault here stops anything. */
export class SessionsFile {
  readonly #path: string;
  readonly #log: Logger;
  #taken: { readonly sessions: readonly string[]; readonly savedAt: number } | null = null;

  constructor(data: string, log: Logger) {
    this.#path = join(data, 'sessions');
    this.#log = log;
  }

  /** Lets the server go on with what the process before left. */
  takeUp(server: Pick<ChatServer, 'restore'>): void {
    try {
      const taken = takeSessions(this.#path);
      if (taken === null) return;
      if ('fault' in taken) {
        this.#log.warn(
          `The sessions of the process before are lost: ${faults[taken.fault]}. Their clients begin new ones.`,
        );
        return;
      }
      this.#taken = { sessions: taken.sessions, savedAt: Date.now() - taken.awayMs };
      this.#log.info(`Sessions of the process before that go on: ${server.restore(taken)}`);
    } catch (error) {
      this.#log.error('The sessions of the process before are lost; their clients begin new ones.', error);
    }
  }

  /** This process did not come to serve: the next one finds them as it did. */
  putBack(): void {
    if (this.#taken !== null) saveSessions(this.#path, this.#taken.sessions, this.#taken.savedAt);
  }

  /** Leaves the server's sessions to the next process. */
  async leave(server: Pick<ChatServer, 'freeze'>): Promise<void> {
    const sessions = await server.freeze();
    try {
      saveSessions(this.#path, sessions);
    } catch (error) {
      this.#log.error('The sessions could not be saved; their clients begin new ones.', error);
    }
  }
}
