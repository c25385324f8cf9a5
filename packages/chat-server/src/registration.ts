import type { Accounts } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';

/** `invitation`: by a link alone. `closed`: nobody new, not by a link either. */
export type RegistrationMode = 'open' | 'invitation' | 'closed';

const settingName = 'registration';
const modes: readonly RegistrationMode[] = ['open', 'invitation', 'closed'];

/** Who may come in: what an administrator chose while the server ran, or what the operator set. Read at each use, so that it holds at once. */
export class Registration {
  readonly #accounts: Pick<Accounts, 'setting' | 'setSetting'>;
  readonly configured: RegistrationMode;

  constructor(accounts: Pick<Accounts, 'setting' | 'setSetting'>, configured: RegistrationMode) {
    this.#accounts = accounts;
    this.configured = configured;
  }

  async mode(): Promise<RegistrationMode> {
    return (await this.chosen()) ?? this.configured;
  }

  /**
   * Refuses whoever may not come in.
   *
   * @param byLink whether they bring a link, which is then to be looked at
   * @throws RestRefusal `registration_closed`, or `invitation_required` where they bring none and need one
   */
  async require(byLink: boolean): Promise<void> {
    const mode = await this.mode();
    if (mode === 'closed') throw new RestRefusal('registration_closed');
    if (mode === 'invitation' && !byLink) throw new RestRefusal('invitation_required');
  }

  async chosen(): Promise<RegistrationMode | null> {
    const value = await this.#accounts.setting(settingName);
    return modes.find((mode) => mode === value) ?? null;
  }

  /** `null`: what the operator set holds again. */
  choose(mode: RegistrationMode | null): Promise<void> {
    return this.#accounts.setSetting(settingName, mode);
  }
}
