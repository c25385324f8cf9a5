import type { RegistrationMode } from './registration.js';

/** What the log-in page says about this installation. */
export interface Place {
  readonly name: string;
  /** Who runs it; empty when that is not said. */
  readonly runBy: string;
  /** Who may register, until an administrator chooses otherwise. */
  readonly registration: RegistrationMode;
  readonly version: string;
}

/** How else it can be reached, for clients that are no page. */
export interface Reach {
  /** The port for raw TCP, on the same host. */
  readonly tcp: { readonly port: number; readonly encrypted: boolean } | null;
}
