import { MemoryStore } from '@everywire/store-memory';
import { StoreDriver, type Unkeyed } from '@everywire/testkit';
import { worldLimits } from './world-limits.js';

const [ann, bob, eve] = [1, 2, 3];

/**
 * Scenarios of rights and invitations in groups. Each runs step by step and returns the violated rules of
 * `docs/spec/chat.md`, such as CH-29, or an empty list. Ann owns the group, and Bob is a member. Eve is not, except where
 * a scenario adds her.
 */
export const groupScenarios: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'admins acting on other admins': amongAdmins,
  'a cursor of another history': otherCursor,
  'an invitation for one use': invitationForOne,
  'a revoked invitation': takenBack,
  'an admin who was demoted': demoted,
  'a removed member': removed,
};

/** Runs a command and returns the error code, or `ok`. */
async function codeOf(driver: StoreDriver, actor: number, command: Unkeyed): Promise<string> {
  return driver.do(actor, command).then(
    () => 'ok',
    (error: Error) => error.message.split(': ').at(-1) ?? '',
  );
}

/** Creates a group with an invitation. `join` lets a user join by it and returns the error code, or `ok`. */
async function invited(
  usesMax: number | null,
): Promise<{ driver: StoreDriver; join: (user: number) => Promise<string> }> {
  const driver = new StoreDriver(new MemoryStore({ epoch: '1', limits: worldLimits }), worldLimits);
  const conversation = await driver.group(ann, [bob]);
  const secret = 'a'.repeat(32);
  await driver.do(ann, { command: 'createInvite', conversation, secret, expiresAt: null, usesMax });
  return { driver, join: (user) => codeOf(driver, user, { command: 'join', conversation, secret }) };
}

/** CH-29: the second person to join finds the invitation used up. */
async function invitationForOne(): Promise<readonly string[]> {
  const { join } = await invited(1);
  const codes = [await join(eve), await join(4)];
  return codes.join() === 'ok,invite_ended' ? [] : [`CH-29: two joins by an invitation for one were answered ${codes}`];
}

/** CH-29: a join by a revoked invitation is answered as if the invitation had never existed. */
async function takenBack(): Promise<readonly string[]> {
  const driver = new StoreDriver(new MemoryStore({ epoch: '1', limits: worldLimits }), worldLimits);
  const conversation = await driver.group(ann, [bob]);
  const secret = 'a'.repeat(32);
  const made = await driver.do(ann, { command: 'createInvite', conversation, secret, expiresAt: null, usesMax: null });
  const invite = 'invite' in made ? made.invite : '';
  await driver.do(ann, { command: 'revokeInvite', conversation, invite });
  const code = await codeOf(driver, eve, { command: 'join', conversation, secret });
  return code === 'not_found' ? [] : [`CH-29: a join by a revoked invitation was answered ${code}`];
}

/** CH-47: an invitation by an admin is invalid once they are demoted, and no longer listed. */
async function demoted(): Promise<readonly string[]> {
  const store = new MemoryStore({ epoch: '1', limits: worldLimits });
  const driver = new StoreDriver(store, worldLimits);
  const conversation = await driver.group(ann, [bob]);
  const secret = 'a'.repeat(32);
  await driver.do(ann, { command: 'setRole', conversation, user: bob, role: 'admin' });
  await driver.do(bob, { command: 'createInvite', conversation, secret, expiresAt: null, usesMax: null });
  await driver.do(ann, { command: 'setRole', conversation, user: bob, role: 'member' });
  const listed = await store.invites(ann, conversation);
  const shown = listed.outcome === 'invites' ? listed.invites.length : -1;
  const code = await codeOf(driver, eve, { command: 'join', conversation, secret });
  return [
    ...(shown === 0 ? [] : [`CH-47: ${shown} invitations of a former admin are listed`]),
    ...(code === 'invite_ended' ? [] : [`CH-47: a join by an invitation of a former admin was answered ${code}`]),
  ];
}

/** CH-29: a removed member cannot come back by a link. */
async function removed(): Promise<readonly string[]> {
  const { driver, join } = await invited(null);
  await driver.remove(ann, 1, bob);
  const code = await join(bob);
  return code === 'denied' ? [] : [`CH-29: a join of a removed member was answered ${code}`];
}

/** CH-25: a list cursor from another epoch (history of the store) is answered with a reset. */
async function otherCursor(): Promise<readonly string[]> {
  const [old, restored] = ['1', '2'].map((epoch) => new MemoryStore({ epoch, limits: worldLimits }));
  const cursor = (await old?.list(ann, null, 2))?.cursor ?? null;
  const outcome = (await restored?.list(ann, cursor, 2))?.outcome;
  return outcome === 'reset' ? [] : [`CH-25: a cursor of another history was answered ${outcome}`];
}

/** CH-27: an admin cannot act on another admin, nor grant their own role. */
async function amongAdmins(): Promise<readonly string[]> {
  const driver = new StoreDriver(new MemoryStore({ epoch: '1', limits: worldLimits }), worldLimits);
  const conversation = await driver.group(ann, [bob, eve]);
  for (const user of [bob, eve]) await driver.do(ann, { command: 'setRole', conversation, user, role: 'admin' });
  const attempts: readonly Unkeyed[] = [
    { command: 'remove', conversation, user: eve },
    { command: 'remove', conversation, user: ann },
    { command: 'setRole', conversation, user: eve, role: 'reader' },
  ];
  const codes = await Promise.all(attempts.map((command) => codeOf(driver, bob, command)));
  return codes.every((code) => code === 'denied') ? [] : [`CH-27: an admin was answered ${codes}`];
}
