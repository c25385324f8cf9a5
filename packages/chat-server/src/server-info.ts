import type { RegistrationMode } from './registration.js';

/** The description of this installation for the log-in page. */
export interface ServerInfo {
  readonly name: string;
  /** The operator's name; empty if not published. */
  readonly runBy: string;
  /** The registration mode until an administrator chooses another. */
  readonly registration: RegistrationMode;
  readonly version: string;
}

/** Other ways to reach the server, for clients that are not the page. */
export interface Reach {
  /** The port for raw TCP, on the same host; `null` if disabled. */
  readonly tcp: { readonly port: number; readonly encrypted: boolean } | null;
}
