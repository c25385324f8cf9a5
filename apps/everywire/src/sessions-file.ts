import { join } from 'node:path';
import { type ChatServer, type Logger, saveSessions, takeSessions } from '@everywire/chat-server';

const faults = {
  copied: 'the file was copied or moved here',
  damaged: 'the file is damaged',
  other_version: 'another release wrote them',
} as const;

/** Passes sessions to the next process through a file in the data directory. Failures are harmless, because clients then start new sessions. */
export class SessionsFile {
  readonly #path: string;
  readonly #log: Logger;
  #taken: { readonly sessions: readonly string[]; readonly savedAt: number } | null = null;

  constructor(data: string, log: Logger) {
    this.#path = join(data, 'sessions');
    this.#log = log;
  }

  /** Restores the sessions of the previous process. */
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

  /** Restores the file after a failed start, for the next process. */
  putBack(): void {
    if (this.#taken !== null) saveSessions(this.#path, this.#taken.sessions, this.#taken.savedAt);
  }

  /** Writes the server's sessions for the next process. */
  async leave(server: Pick<ChatServer, 'freeze'>): Promise<void> {
    const sessions = await server.freeze();
    try {
      saveSessions(this.#path, sessions);
    } catch (error) {
      this.#log.error('The sessions could not be saved; their clients begin new ones.', error);
    }
  }
}
