import type { DirectoryPosition } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { fakeHash, type StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve, zoe] = [1, 2, 3, 4];
const [good, once, other] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string];

async function invite(
  driver: StoreDriver,
  conversation: number,
  secret: string,
  limits = {},
  creator = ann,
): Promise<string> {
  const command = { command: 'createInvite', conversation, secret, expiresAt: null, usesMax: null, ...limits } as const;
  const result = await driver.do(creator, command);
  return 'invite' in result ? result.invite : '';
}

const join = (driver: StoreDriver, user: number, conversation: number, secret: string | null) =>
  driver.do(user, { command: 'join', conversation, secret });

/** Describes joining by invitation or directory, and privacy: blocks and receipts. */
export function describeStoreGates(open: OpenStore): void {
  describe('invitations', () => {
    it('[CH-27.3] [CH-29.2] admits by a secret, notifies all members, and counts the uses', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const made = await invite(driver, id, once, { usesMax: 1 });
      const outcome = await driver.run(eve, { command: 'join', id: driver.mintId(), conversation: id, secret: once });
      expect(outcome).toMatchObject({
        result: { conversation: id },
        notices: [{ to: 'users', users: [ann, bob, eve], event: { row: { body: { service: { change: 'joined' } } } } }],
      });
      expect(await driver.entry(eve, id)).toMatchObject({ member: true, role: 'member', unread: 0, memberCount: 3 });
      expect((await driver.page(eve, id)).rows.map((row) => row.sequence)).toEqual([2]);
      await expect(join(driver, zoe, id, once)).rejects.toThrow('invite_ended');
      await expect(join(driver, zoe, id, other)).rejects.toThrow('not_found');
      await expect(join(driver, zoe, id, null)).rejects.toThrow('not_found');
      await join(driver, eve, id, once);
      const epoch = await driver.store.epoch();
      expect(await driver.store.invites(ann, id)).toEqual({
        outcome: 'invites',
        epoch,
        invites: [{ id: made, creator: ann, createdAt: expect.any(Number), expiresAt: null, usesMax: 1, uses: 1 }],
      });
      expect(await driver.store.invites(bob, id)).toEqual({ outcome: 'denied', epoch });
      expect(await driver.store.invites(zoe, id)).toEqual({ outcome: 'not_member', epoch });
    });

    it('[CH-29.2] expires or is revoked, and then no longer counts towards the limit', async () => {
      const { driver } = await open(lowLimits({ invitesMax: 2 }));
      const id = await driver.group(ann, [bob]);
      await invite(driver, id, once, { expiresAt: driver.now + 50 });
      const revoked = await invite(driver, id, good);
      await expect(invite(driver, id, other, { expiresAt: driver.now + 999 })).rejects.toThrow('too_many');
      driver.pass(100);
      await expect(join(driver, eve, id, once)).rejects.toThrow('invite_ended');
      expect(await driver.store.invitation(id, fakeHash(once), driver.now)).toEqual({ outcome: 'invite_ended' });
      await invite(driver, id, other);
      await driver.do(ann, { command: 'revokeInvite', conversation: id, invite: revoked });
      await expect(join(driver, eve, id, good)).rejects.toThrow('not_found');
      expect(await driver.store.invitation(id, fakeHash(other), driver.now)).toEqual({
        outcome: 'invitation',
        outline: { conversation: id, kind: 'group', name: 'group', picture: null, memberCount: 2 },
        creator: ann,
      });
      expect(await driver.store.invitation(id, fakeHash(good), driver.now)).toEqual({ outcome: 'not_found' });
      await expect(invite(driver, id, good, { expiresAt: 1 })).rejects.toThrow('invalid');
    });

    it('[CH-47.1] [CH-47.2] [CH-47.3] an invitation is valid only while its creator may create one', async () => {
      const { driver } = await open(lowLimits({ invitesMax: 1 }));
      const id = await driver.group(ann, [bob, eve]);
      const settle = (user: number, role: 'admin' | 'member' | 'reader' | 'owner', actor = ann) =>
        driver.do(actor, { command: 'setRole', conversation: id, user, role });
      const byBob = () => driver.store.invitation(id, fakeHash(good), driver.now);
      const listed = async (asking: number) => {
        const answer = await driver.store.invites(asking, id);
        return answer.outcome === 'invites' ? answer.invites.map(({ creator }) => creator) : answer.outcome;
      };
      await settle(bob, 'admin');
      await invite(driver, id, good, {}, bob);
      await settle(bob, 'member');
      expect(await byBob()).toEqual({ outcome: 'invite_ended' });
      await expect(join(driver, zoe, id, good)).rejects.toThrow('invite_ended');
      expect(await listed(ann)).toEqual([]);
      await settle(bob, 'admin');
      expect(await byBob()).toMatchObject({ outcome: 'invitation', creator: bob });
      expect(await listed(ann)).toEqual([bob]);
      await driver.remove(ann, id, bob);
      await expect(join(driver, bob, id, good)).rejects.toThrow('denied');
      await expect(join(driver, zoe, id, good)).rejects.toThrow('invite_ended');
      // An ended invitation does not count towards the limit.
      await invite(driver, id, once);
      expect(await listed(ann)).toEqual([ann]);
      await expect(join(driver, zoe, id, good)).rejects.toThrow('not_found');
      await settle(eve, 'owner');
      await join(driver, zoe, id, once);
      expect(await listed(eve)).toEqual([ann]);
      await driver.leave(ann, id);
      await expect(join(driver, bob, id, once)).rejects.toThrow('denied');
      await expect(join(driver, 5, id, once)).rejects.toThrow('invite_ended');
      expect(await listed(eve)).toEqual([]);
    });

    it('[CH-47.2] an invitation of an owner who left admits no one, even after the group was handed over', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await invite(driver, id, good);
      await driver.leave(ann, id);
      expect(await driver.entry(bob, id)).toMatchObject({ role: 'owner' });
      expect(await driver.store.invitation(id, fakeHash(good), driver.now)).toEqual({ outcome: 'invite_ended' });
      await expect(join(driver, eve, id, good)).rejects.toThrow('invite_ended');
    });

    it('[CH-29.5] does not readmit a removed member, but readmits one who left', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob, eve]);
      await invite(driver, id, good);
      await driver.remove(ann, id, bob);
      await driver.leave(eve, id);
      await expect(join(driver, bob, id, good)).rejects.toThrow('denied');
      await join(driver, eve, id, good);
      expect(await driver.entry(eve, id)).toMatchObject({ member: true });
      await driver.add(ann, id, bob);
      await driver.leave(bob, id);
      await join(driver, bob, id, good);
    });

    it('[CH-27.3] [CH-29.3] [CH-29.6] lists conversations that anyone may join, by name, and admits joiners', async () => {
      const { driver } = await open();
      const settings = { send: 'members', add: 'members', rename: 'members', join: 'anyone' } as const;
      const ids: number[] = [];
      for (const name of ['Beta', 'alpha', 'Gamma news']) {
        const id = await driver.group(ann, [], name);
        await driver.do(ann, { command: 'configure', conversation: id, settings });
        ids.push(id);
      }
      const hidden = await driver.group(ann, [], 'hidden');
      const news = await driver.do(ann, { command: 'createChannel', name: 'NEWS', join: 'anyone' });
      const names = async (query: string, after: DirectoryPosition | null, limit = 10): Promise<readonly string[]> =>
        (await driver.store.directory(query, after, limit)).map(({ name }) => name);
      expect(await names('', null)).toEqual(['alpha', 'Beta', 'Gamma news', 'NEWS']);
      expect(await names('news', null)).toEqual(['Gamma news', 'NEWS']);
      const beta = { name: 'Beta', conversation: ids[0] ?? 0 };
      expect(await names('', beta, 1)).toEqual(['Gamma news']);
      await driver.do(ann, { command: 'rename', conversation: beta.conversation, name: 'Zeta' });
      expect(await names('', beta)).toEqual(['Gamma news', 'NEWS', 'Zeta']);
      await driver.do(ann, { command: 'rename', conversation: beta.conversation, name: 'Beta' });
      const { conversation } = news as { conversation: number };
      const before = (await driver.entry(ann, conversation)).activity;
      await join(driver, bob, conversation, null);
      expect(await driver.entry(bob, conversation)).toMatchObject({ role: 'reader', kind: 'channel' });
      expect(await driver.entry(ann, conversation)).toMatchObject({ activity: before, memberCount: 2, sequence: 2 });
      await expect(join(driver, bob, hidden, null)).rejects.toThrow('not_found');
      await driver.do(ann, {
        command: 'configure',
        conversation: ids[1] ?? 0,
        settings: { ...settings, join: 'invited' },
      });
      expect(await names('', null)).toEqual(['Beta', 'Gamma news', 'NEWS']);
    });
  });

  describe('privacy', () => {
    it('[CH-30.1] [CH-30.2] [CH-30.4] prevents both from writing to each other while either blocks', async () => {
      const { driver } = await open();
      const id = await driver.direct(ann, bob);
      await driver.send(ann, id);
      const { cursor } = await driver.listAll(ann, null);
      await driver.do(ann, { command: 'block', user: bob, blocked: true });
      expect((await driver.listAll(ann, cursor)).entries).toMatchObject([{ conversation: id, blocked: true }]);
      expect((await driver.entry(bob, id)).blocked).toBe(false);
      for (const user of [ann, bob]) await expect(driver.send(user, id)).rejects.toThrow('blocked');
      await driver.read(bob, id, 2);
      expect(await driver.store.privacy(ann)).toEqual({ receipts: true, blocked: [bob] });
      expect(await driver.store.blockedBy(bob, [ann, eve])).toEqual(new Set([ann]));
      expect(await driver.store.blockedBy(ann, [bob])).toEqual(new Set());
      expect(await driver.direct(bob, ann)).toBe(id);
      await driver.do(ann, { command: 'block', user: bob, blocked: false });
      await driver.send(bob, id);
      await driver.do(eve, { command: 'block', user: bob, blocked: true });
      for (const [a, b] of [
        [bob, eve],
        [eve, bob],
      ] as const)
        await expect(driver.direct(a, b)).rejects.toThrow('blocked');
      const group = await driver.group(eve, [bob]);
      await driver.send(bob, group);
    });

    it('[CH-39.1] [CH-39.2] a user knows the people of own conversations since joining, and blocked people', async () => {
      const { driver } = await open();
      const known = async (user: number) => [...(await driver.store.acquaintances(user, [ann, bob, eve, zoe]))].sort();
      expect(await known(ann)).toEqual([ann]);
      await driver.direct(ann, bob);
      const id = await driver.group(eve, [ann]);
      expect([await known(ann), await known(bob), await known(eve)]).toEqual([
        [ann, bob, eve],
        [ann, bob],
        [ann, eve],
      ]);
      await driver.leave(ann, id);
      expect([await known(ann), await known(eve)]).toEqual([
        [ann, bob],
        [ann, eve],
      ]);
      // A member who left before the user joined is unknown until both are members again.
      await driver.add(eve, id, zoe);
      expect(await known(zoe)).toEqual([eve, zoe]);
      await driver.add(eve, id, ann);
      expect(await known(zoe)).toEqual([ann, eve, zoe]);
      await driver.do(eve, { command: 'delete', conversation: id });
      expect([await known(zoe), await known(eve)]).toEqual([[zoe], [eve]]);
      await driver.do(zoe, { command: 'block', user: bob, blocked: true });
      expect([await known(zoe), await known(bob)]).toEqual([
        [bob, zoe],
        [ann, bob],
      ]);
      const channel = await driver.do(bob, { command: 'createChannel', name: 'large', join: 'anyone' });
      if (!('conversation' in channel)) throw new Error('no channel');
      await join(driver, eve, channel.conversation, null);
      expect(await known(eve)).toEqual([bob, eve]);
    });

    it('limits the number of blocked people', async () => {
      const { driver } = await open(lowLimits({ blockedUsersMax: 1 }));
      await driver.do(ann, { command: 'block', user: bob, blocked: true });
      await driver.do(ann, { command: 'block', user: bob, blocked: true });
      await expect(driver.do(ann, { command: 'block', user: eve, blocked: true })).rejects.toThrow('too_many');
      await expect(driver.do(ann, { command: 'block', user: ann, blocked: true })).rejects.toThrow('denied');
    });

    it('[CH-23.1] freezes the receipts shown to others while receipts are off, and resumes with the next reading', async () => {
      const { driver } = await open();
      const id = await driver.direct(ann, bob);
      await driver.sendMany(ann, id, 4);
      await driver.read(bob, id, 2);
      await driver.do(bob, { command: 'setReceipts', on: false });
      await driver.read(bob, id, 4);
      expect((await driver.entry(ann, id)).peer).toMatchObject({ shown: 2, delivered: 4 });
      expect(await driver.entry(bob, id)).toMatchObject({ read: 4, unread: 1 });
      await driver.do(bob, { command: 'setReceipts', on: true });
      expect((await driver.entry(ann, id)).peer).toMatchObject({ shown: 2 });
      await driver.read(bob, id, 5);
      expect((await driver.entry(ann, id)).peer).toMatchObject({ shown: 5 });
    });
  });
}
