import { join } from 'node:path';
import { type ChatServer, type Logger, saveSessions, takeSessions } from '@everywire/chat-server';

const faults = {
  copied: 'the file was copied or moved here',
  damaged: 'the file is damaged',
  other_version: 'another version wrote the file',
} as const;

/**
 * Passes sessions to the next process through a file in the data directory. Failures are harmless, because clients then
 * start new sessions.
 */
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
          `The sessions of the previous process are lost: ${faults[taken.fault]}. Their clients start new sessions.`,
        );
        return;
      }
      this.#taken = { sessions: taken.sessions, savedAt: Date.now() - taken.awayMs };
      this.#log.info(`Sessions resumed from the previous process: ${server.restore(taken)}`);
    } catch (error) {
      this.#log.error('The sessions of the previous process are lost. Their clients start new sessions.', error);
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
      this.#log.error('Could not save the sessions. Their clients start new sessions.', error);
    }
  }
}
