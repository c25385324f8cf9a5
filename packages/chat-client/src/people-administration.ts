import type { AccountClient } from './account-client.js';
import type { Device } from './device.js';

/** An account as an administrator sees it. */
export interface AdministeredPerson {
  readonly id: number;
  readonly name: string;
  readonly displayName: string;
  readonly avatar?: string;
  readonly role: 'guest' | 'member' | 'administrator';
  readonly state: 'active' | 'suspended';
  readonly createdAt: number;
  /** Milliseconds since the epoch; `null` if the person was never connected. */
  readonly lastSeenAt: number | null;
  /** Number of valid sign-ins, excluding tokens issued by a host application. */
  readonly devices: number;
  readonly connected: boolean;
}

/**
 * Manages accounts, for administrators. All promises reject with `ChatFailure`: `denied` if the caller is not an
 * administrator, `not_found`, `last_administrator` (the action would leave no active administrator).
 */
export interface PeopleAdministration {
  /**
   * Lists accounts by name, page by page.
   *
   * @param after `next` of the previous page; `null` for the first page
   */
  list(
    query: string,
    after: number | null,
  ): Promise<{ readonly people: readonly AdministeredPerson[]; readonly next: number | null }>;
  devices(user: number): Promise<readonly Omit<Device, 'current'>[]>;
  /** Ends all sessions and sign-ins of an account, and blocks new ones until `reactivate`. */
  suspend(user: number): Promise<AdministeredPerson>;
  reactivate(user: number): Promise<AdministeredPerson>;
  /** Ends all sessions and sign-ins of an account. The user may sign in again. */
  signOut(user: number): Promise<void>;
  /**
   * Creates a link with which a member sets a new password, to pass on. Its address is `/#/reset/` followed by `secret`,
   * which cannot be read again. Rejects with `denied` for a guest, an admin or a suspended account.
   */
  createResetLink(user: number): Promise<{ readonly secret: string; readonly expiresAt: number }>;
  /** Deletes an account for good. `texts`: whether the messages that the user sent to others stay. */
  delete(user: number, texts: 'keep' | 'remove'): Promise<void>;
}

/** Creates the interface for an administrator's account. */
export function createPeopleAdministration({ call }: Pick<AccountClient, 'call'>): PeopleAdministration {
  const at = (user: number, act: string) => `/api/people/${user}/${act}`;
  const act = async (user: number, name: 'suspend' | 'reactivate') =>
    (await call<{ readonly person: AdministeredPerson }>('POST', at(user, name))).person;
  return {
    list: (query, after) =>
      call('GET', `/api/people?query=${encodeURIComponent(query)}${after === null ? '' : `&after=${after}`}`),
    devices: async (user) =>
      (await call<{ readonly devices: readonly Omit<Device, 'current'>[] }>('GET', at(user, 'devices'))).devices,
    suspend: (user) => act(user, 'suspend'),
    reactivate: (user) => act(user, 'reactivate'),
    signOut: (user) => call('POST', at(user, 'sign-out')),
    createResetLink: (user) => call('POST', at(user, 'reset-link')),
    delete: (user, texts) => call('DELETE', `/api/people/${user}?texts=${texts}`),
  };
}
