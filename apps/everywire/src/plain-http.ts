/** Whether a server that listens there can be reached from no other machine. */
export function isOwnMachineOnly(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** What whoever starts the server on plain http should know, in one line. Browsers count localhost as secure, and nothing else. */
export const plainHttpNote: string =
  'From other machines this is plain http: passwords and messages can be read on the way, proxies may break the WebSocket (it goes ' +
  'on by the other transports), and browsers give a page no notifications, no service worker and only the old clipboard. To mend it, ' +
  'set EVERYWIRE_TLS_CERT and EVERYWIRE_TLS_KEY, or put a proxy with TLS in front and set HOST=127.0.0.1.';
