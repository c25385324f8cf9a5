import type { Accounts } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';

/** `invitation`: by a link only. `closed`: no new accounts, not even by a link. */
export type RegistrationMode = 'open' | 'invitation' | 'closed';

const SETTING_NAME = 'registration';
const modes: readonly RegistrationMode[] = ['open', 'invitation', 'closed'];

/**
 * The mode of registration, which states who may create an account: the one chosen by an administrator, otherwise the one
 * configured by the operator. Read from the store at each use, so that a change applies immediately on all nodes.
 */
export class Registration {
  readonly #accounts: Pick<Accounts, 'setting' | 'setSetting'>;
  readonly configured: RegistrationMode;

  constructor(accounts: Pick<Accounts, 'setting' | 'setSetting'>, configured: RegistrationMode) {
    this.#accounts = accounts;
    this.configured = configured;
  }

  /** Returns the mode in effect. */
  async mode(): Promise<RegistrationMode> {
    return (await this.chosen()) ?? this.configured;
  }

  /**
   * Checks whether a new user may join.
   *
   * @param byLink whether they have a link, which the caller must check
   * @throws RestRefusal `registration_closed`, or `invitation_required` without a link
   */
  async require(byLink: boolean): Promise<void> {
    const mode = await this.mode();
    if (mode === 'closed') throw new RestRefusal('registration_closed');
    if (mode === 'invitation' && !byLink) throw new RestRefusal('invitation_required');
  }

  /** Returns the administrator's choice; `null` if there is none. */
  async chosen(): Promise<RegistrationMode | null> {
    const value = await this.#accounts.setting(SETTING_NAME);
    return modes.find((mode) => mode === value) ?? null;
  }

  /** Stores the administrator's choice; `null` restores the operator's setting. */
  choose(mode: RegistrationMode | null): Promise<void> {
    return this.#accounts.setSetting(SETTING_NAME, mode);
  }
}
