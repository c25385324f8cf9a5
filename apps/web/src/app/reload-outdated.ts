import type { Status } from '@everywire/client';

const STORAGE_KEY = 'everywire.reloaded';

/**
 * Reloads a page whose protocol version differs from the server's (SN-42). Reloads at most once until a session opens again, so that a page
 * kept by a stale cache does not reload forever; after that the connection is shown as closed. Never reloads without session storage.
 */
export function reloadOutdated(connection: Status): void {
  try {
    if (connection.state === 'open') sessionStorage.removeItem(STORAGE_KEY);
    if (connection.state !== 'closed' || connection.verdict.code !== 'wire_version') return;
    if (sessionStorage.getItem(STORAGE_KEY) !== null) return;
    sessionStorage.setItem(STORAGE_KEY, 'yes');
  } catch {
    return;
  }
  location.reload();
}
