import type { ChatServer, Logger } from '@everywire/chat-server';

/** A full disk may have room later. Also the least until another link: the clock of this machine may be ahead of the link's. */
const retryMs = 60_000;
/** A timer cannot wait longer. */
const timerMaxMs = 2 ** 31 - 1;

/**
 * While there is no administrator: prints the link that makes one, and another when it has expired. It goes to the terminal and past the log,
 * which would take the secret out.
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
    setTimeout(again, Math.max(retryMs, Math.min(timerMaxMs, made.expiresAt - Date.now()))).unref();
  };
  const again = (): void => {
    offer().catch((error: unknown) => {
      log.error('Could not create a set-up link. Retrying in a minute.', error);
      setTimeout(again, retryMs).unref();
    });
  };
  again();
}
