import { chatLimits, type KeyedCommand, type Notice, type PeriodsView, type UserId } from '@everywire/chat';
import { MemoryStore } from '@everywire/store-memory';
import { createRandom, type SeededRandom, StoreDriver } from '@everywire/testkit';
import { expect, test } from 'vitest';
import { MemberViews } from './member-views.js';

// Compares `MemberViews`, a cache of the periods during which users were members, with the store after random changes.

const owner = 1;
const people: readonly UserId[] = Array.from({ length: 12 }, (_, index) => index + 1);
const limits = { ...chatLimits, smallMembersMax: 2, periodsMax: 3 };

/** Performs one random change in the conversation; a refusal changes nothing. */
async function step(random: SeededRandom, driver: StoreDriver, conversation: number): Promise<readonly Notice[]> {
  const id = driver.mintId();
  const user = random.pick(people.slice(1));
  const users = people.slice(1).filter(() => random.below(4) === 0);
  const asAdmin = random.chance(0.5);
  const commands: readonly (readonly [UserId, KeyedCommand])[] = [
    [owner, { command: 'add', id, conversation, users: [user, ...users] }],
    [owner, { command: 'remove', id, conversation, user }],
    [user, { command: 'leave', id, conversation }],
    [owner, { command: 'setRole', id, conversation, user, role: asAdmin ? 'admin' : 'member' }],
    [user, { command: 'send', id, conversation, text: 'text' }],
  ];
  const [actor, command] = random.pick(commands);
  const outcome = await driver.run(actor, command);
  return outcome.outcome === 'committed' ? outcome.notices : [];
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  '[CH-17.4] a view equals a fresh one after random changes that are lost, late or concurrent with a read (seed %i)',
  async (seed) => {
    const random = createRandom(seed);
    const store = new MemoryStore({ epoch: 'e'.repeat(16), limits });
    const driver = new StoreDriver(store, limits);
    const conversation = await driver.group(owner, people.slice(1, 5));
    let meanwhile: readonly Notice[] = [];
    let reads = 0;
    const receive = (notices: readonly Notice[]): void => {
      for (const notice of notices) {
        if (notice.event.event !== 'commit') continue;
        views.apply(notice.event, notice.to === 'members' ? notice.membersBefore : null);
      }
    };
    const periods = async (id: number, users: readonly UserId[]): Promise<PeriodsView> => {
      reads += 1;
      const view = await store.periods(id, users);
      if (random.below(3) === 0) {
        meanwhile = await step(random, driver, conversation);
        receive(meanwhile);
      }
      return view;
    };
    const views = new MemberViews({ periods }, { conversationsMax: 2, chunkUsers: 5, periodsMax: limits.periodsMax });
    let late: readonly Notice[] = [];
    for (let round = 0; round < 400; round += 1) {
      const notices = await step(random, driver, conversation);
      const fate = random.below(10);
      if (fate > 1) receive(notices);
      receive(late);
      late = fate === 1 ? notices : [];
      if (random.below(2) === 0) continue;
      const { epoch, membersAt } = await store.periods(conversation, []);
      const users = people.filter(() => random.below(3) > 0);
      const view = await views.read(conversation, users, { epoch, membersAt });
      const fresh = await store.periods(conversation, users);
      expect(view.membersAt).toBeGreaterThanOrEqual(membersAt);
      if (view.membersAt === fresh.membersAt) {
        const sorted = (of: PeriodsView): unknown => [...of.periods].sort(([a], [b]) => a - b);
        expect(sorted(view)).toEqual(sorted(fresh));
      }
    }
    expect(reads).toBeGreaterThan(0);
  },
);
