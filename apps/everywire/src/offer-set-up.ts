import type { ChatServer, Logger } from '@everywire/chat-server';

/**
 * The delay of a retry, ms. Also the minimum time between two links, because the clock of this machine may be ahead of
 * the link's.
 */
const RETRY_MS = 60_000;
/** The longest timer of Node, ms. */
const TIMER_MAX_MS = 2 ** 31 - 1;

/**
 * While there is no administrator, prints a set-up link, and another when it has expired. Writes to the terminal,
 * because the log would remove the secret.
 */
export function offerSetUp(
  server: Pick<ChatServer, 'createSetUpPath'>,
  address: string,
  log: Pick<Logger, 'error'>,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): void {
  const offer = async (): Promise<void> => {
    const made = await server.createSetUpPath();
    if (made === null) return;
    const until = new Date(made.expiresAt).toISOString().slice(0, 16).replace('T', ' ');
    write(
      `No admin yet. Open this link to become the admin. It works once and expires ${until} UTC:\n  ${address}${made.path}\n`,
    );
    setTimeout(again, Math.max(RETRY_MS, Math.min(TIMER_MAX_MS, made.expiresAt - Date.now()))).unref();
  };
  const again = (): void => {
    offer().catch((error: unknown) => {
      log.error('Could not create a set-up link. Retrying in a minute.', error);
      setTimeout(again, RETRY_MS).unref();
    });
  };
  again();
}
