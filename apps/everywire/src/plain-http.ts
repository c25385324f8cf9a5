/** Returns whether a server on this host is reachable only from this machine. */
export function isOwnMachineOnly(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** A note for the operator of a server on plain HTTP. Browsers treat only localhost as secure. */
export const PLAIN_HTTP_NOTE: string =
  'Warning: plain HTTP. Others on the network can read passwords and messages, proxies may block WebSocket (other transports take ' +
  'over), and browsers disable notifications, service workers and the clipboard API. To fix this, set EVERYWIRE_TLS_CERT and ' +
  'EVERYWIRE_TLS_KEY, or put a TLS proxy in front and set HOST=127.0.0.1.';
