import { MemoryAccounts } from '@everywire/store-memory';
import { expect, test } from 'vitest';
import { DeviceSecrets } from './device-secrets.js';
import { defaultLimits } from './limits.js';
import { Registration } from './registration.js';
import { SecondFactorCheck } from './second-factor.js';
import { SharedCounts } from './shared-counts.js';
import { type Caller, SignIn } from './sign-in.js';
import { SignInAttempts } from './sign-in-attempts.js';
import { StoreKeys } from './store-keys.js';

// Tests races of `SignIn`: a slow log-in with the old password must have no effect after the password was changed.

/** The account, with its first password. */
const old = { name: 'ann', password: 'old password' };
/** The new password. */
const next = 'the next one';

/** A password hasher whose hashes show cost and password, such as `cheap secret`. `hold` stops its queue until `letThrough`. */
class HeldHasher {
  cost = 'cheap';
  readonly waiting: (() => void)[] = [];
  #held = false;

  hold(): void {
    this.#held = true;
  }

  letThrough(): void {
    this.#held = false;
    for (const go of this.waiting.splice(0)) go();
  }

  async hash(password: string): Promise<string> {
    const passwordHash = `${this.cost} ${password}`;
    await this.#turn();
    return passwordHash;
  }

  /** Costs of the decoys that unknown names were checked against. */
  readonly decoyCosts: (string | undefined)[] = [];

  async verify(stored: string | null, password: string, _known: string | null, decoy: string | null): Promise<boolean> {
    if (stored === null) this.decoyCosts.push(decoy?.split(' ')[0]);
    await this.#turn();
    return stored?.endsWith(` ${password}`) ?? false;
  }

  isOutdated(stored: string): boolean {
    return !stored.startsWith(`${this.cost} `);
  }

  async #turn(): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }
}

/** Registers the account and returns everything that a test acts on. */
async function start() {
  const accounts = new MemoryAccounts();
  const hasher = new HeldHasher();
  const [limits, wallNow] = [defaultLimits, () => 1_700_000_000_000];
  const counts = new SharedCounts(() => undefined);
  const signIn = new SignIn({
    accounts,
    hasher,
    limits,
    wallNow,
    usedNow: wallNow,
    systemNow: wallNow,
    signedUntil: wallNow,
    attempts: new SignInAttempts(limits, counts.create),
    deviceSecrets: new DeviceSecrets(new StoreKeys(accounts)),
    registration: new Registration(accounts, 'open'),
    secondFactor: new SecondFactorCheck({ accounts, placeName: '', limits, wallNow, createBuckets: counts.create }),
    onEnded: () => {},
  });
  const owner: Caller = await signIn.register(old);
  const stored = async (): Promise<string | null> => (await accounts.passwordHash('ann'))?.passwordHash ?? null;
  /** Begins a log-in with the old password, and waits until it is in the hasher's queue. */
  const lateLogIn = async (): Promise<{ readonly outcome: Promise<string> }> => {
    hasher.hold();
    const outcome = signIn.logIn(old, 'elsewhere').then(
      () => 'signed in',
      ({ code }: { readonly code: string }) => code,
    );
    await expect.poll(() => hasher.waiting.length).toBe(1);
    return { outcome };
  };
  /** Changes the password like `changePassword` after its own hashing. */
  const change = async (): Promise<void> => {
    await accounts.setPasswordHash(owner.user.id, `${hasher.cost} ${next}`, (await stored()) ?? '');
    await signIn.endOthers(owner);
  };
  return { accounts, hasher, signIn, owner, stored, lateLogIn, change };
}

test('a log-in with the old password that is verified during a change of password creates no sign-in', async () => {
  const { accounts, hasher, owner, lateLogIn, change } = await start();
  const late = await lateLogIn();
  await change();
  hasher.letThrough();
  expect(await late.outcome).toBe('credentials_wrong');
  expect(await accounts.credentials(owner.user.id)).toEqual([owner.credential]);
});

test('a log-in that renews the hash never restores the old password over a new one', async () => {
  const { hasher, stored, lateLogIn, change } = await start();
  hasher.cost = 'dear';
  const late = await lateLogIn();
  // It is verified now, and waits for the new hash of the same password.
  hasher.waiting.shift()?.();
  await expect.poll(() => hasher.waiting.length).toBe(1);
  await change();
  hasher.letThrough();
  expect([await late.outcome, await stored()]).toEqual(['credentials_wrong', `dear ${next}`]);
});

test('two concurrent log-ins that both find the hash outdated both succeed', async () => {
  const { hasher, signIn, stored } = await start();
  hasher.cost = 'dear';
  await Promise.all([signIn.logIn(old, 'here'), signIn.logIn(old, 'there')]);
  expect(await stored()).toBe('dear old password');
});

test('a password change in progress does not undo another one', async () => {
  const { hasher, signIn, owner, stored, change } = await start();
  hasher.hold();
  const outcome = signIn
    .changePassword(owner, { current: old.password, next: 'a stranger has chosen' }, 'elsewhere')
    .then(
      () => 'changed',
      ({ code }: { readonly code: string }) => code,
    );
  await expect.poll(() => hasher.waiting.length).toBe(1);
  hasher.waiting.shift()?.();
  await expect.poll(() => hasher.waiting.length).toBe(1);
  await change();
  hasher.letThrough();
  expect([await outcome, await stored()]).toEqual(['busy', `cheap ${next}`]);
});

test('an unknown name is checked at a cost that the store contains', async () => {
  const { signIn, hasher } = await start();
  for (const name of ['bob', 'cat', 'dan']) await signIn.register({ name, password: 'of many letters' });
  hasher.cost = 'dear';
  await signIn.logIn({ name: 'nobody', password: 'a guess' }, '192.0.2.1').catch(() => undefined);
  expect(hasher.decoyCosts).toEqual(['cheap']);
});

test('unknown names are checked at all costs in the store, and each name always at the same one', async () => {
  const { signIn, hasher, accounts } = await start();
  const logIn = (name: string) => signIn.logIn({ name, password: 'a guess' }, '192.0.2.1').catch(() => undefined);
  for (const name of ['bob', 'cat', 'dan']) await signIn.register({ name, password: 'of many letters' });
  hasher.cost = 'dear';
  for (const name of ['eve', 'fay', 'gus', 'hal']) await signIn.register({ name, password: 'of many letters' });
  for (const index of [1, 2, 3, 4])
    await accounts.createUser({ name: `guest${index}`, displayName: '', passwordHash: null, createdAt: 0 });
  for (let index = 0; index < 40; index += 1) await logIn(`unknown${index}`);
  const costs = hasher.decoyCosts.splice(0);
  // A name that draws eight accounts without a password has no decoy; that is rare.
  expect(new Set(costs.filter((cost) => cost !== undefined))).toEqual(new Set(['cheap', 'dear']));
  for (let index = 0; index < 40; index += 1) await logIn(`UNKNOWN${index}`);
  expect(hasher.decoyCosts).toEqual(costs);
});
