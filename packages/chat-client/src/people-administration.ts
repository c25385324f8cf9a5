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
  /** Milliseconds since the epoch; `null`: never. */
  readonly lastSeenAt: number | null;
  /** Sign-ins that can be used; tokens of a host application are not counted. */
  readonly devices: number;
  readonly connected: boolean;
}

/** Accounts, for an administrator. All reject with `ChatFailure`: `denied` for everybody else, `not_found`, `last_administrator`. */
export interface PeopleAdministration {
  /** By name; `next` is `after` of the next page. */
  list(
    query: string,
    after: number | null,
  ): Promise<{ readonly people: readonly AdministeredPerson[]; readonly next: number | null }>;
  devices(user: number): Promise<readonly Omit<Device, 'current'>[]>;
  /** Ends every session and sign-in, and lets nobody sign in as this person until `reactivate`. */
  suspend(user: number): Promise<AdministeredPerson>;
  reactivate(user: number): Promise<AdministeredPerson>;
  signOut(user: number): Promise<void>;
  /** For good. `texts`: whether what the person wrote to others stays. */
  delete(user: number, texts: 'keep' | 'remove'): Promise<void>;
}

/** With the account of an administrator. */
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
    delete: (user, texts) => call('DELETE', `/api/people/${user}?texts=${texts}`),
  };
}
