import type { Status } from '@everywire/client';

const storageKey = 'everywire.reloaded';

/**
 * Reloads a page whose wire is of another version than its server's (SN-42). It does so once until a session is open again, so that
 * a page that a cache keeps too long does not reload for ever; then the wire says that it is cut. Without storage it reloads never.
 */
export function reloadOutdated(connection: Status): void {
  try {
    if (connection.state === 'open') sessionStorage.removeItem(storageKey);
    if (connection.state !== 'closed' || connection.verdict.code !== 'wire_version') return;
    if (sessionStorage.getItem(storageKey) !== null) return;
    sessionStorage.setItem(storageKey, 'yes');
  } catch {
    return;
  }
  location.reload();
}
