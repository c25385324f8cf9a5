import type { Profile, UserId } from '@everywire/chat';
import { expect, test } from 'vitest';
import { PeopleDirectory } from './people-directory.js';

/* People are fetched once, updated by events, and fetched again after a gap. */

const me = { id: 1, name: 'me', displayName: 'Me' };
const named = (id: UserId, displayName: string): Profile => ({ id, name: `p${id}`, displayName });

/** A directory whose requests the test answers. */
function directoryOf() {
  const questions: {
    readonly ids: readonly UserId[];
    readonly answer: (people: readonly Profile[]) => Promise<void>;
  }[] = [];
  const people = new PeopleDirectory({
    me,
    ask: (ids) =>
      new Promise((resolve) => {
        const answer = async (found: readonly Profile[]) => {
          resolve(found);
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        };
        questions.push({ ids, answer });
      }),
    changed: () => undefined,
    failed: () => undefined,
  });
  return { people, questions };
}

test('[CM-14.5] a fetched person is requested again only after lost hints, and only when shown', async () => {
  const { people, questions } = directoryOf();
  people.person(2);
  people.person(3);
  await Promise.resolve();
  expect(questions.map(({ ids }) => ids)).toEqual([[2, 3]]);
  await questions[0]?.answer([named(2, 'Bo'), named(3, 'Cy')]);
  const bo = people.person(2);
  const { version } = people;
  people.markStale();
  expect(people.version).toBeGreaterThan(version);
  expect(people.person(2)).toBe(bo);
  await Promise.resolve();
  expect(questions[1]?.ids).toEqual([1, 2]);
  await questions[1]?.answer([me, named(2, 'Bo')]);
  expect(people.person(2)).toBe(bo);
  expect(questions).toHaveLength(2);
});

test('a deleted account is shown with the name that the application chooses, and follows its changes', async () => {
  const { people, questions } = directoryOf();
  people.person(2);
  await Promise.resolve();
  await questions[0]?.answer([{ id: 2, name: '', displayName: '', state: 'deleted' }]);
  expect(people.person(2)).toEqual({ id: 2, name: '', displayName: 'Deleted account', state: 'deleted' });
  const { version } = people;
  people.nameDeleted('已注销用户');
  expect(people.person(2).displayName).toBe('已注销用户');
  expect(people.version).toBeGreaterThan(version);
  const again = people.version;
  people.learn([{ id: 2, name: '', displayName: '', state: 'deleted' }]);
  people.nameDeleted('已注销用户');
  expect(people.version).toBe(again);
  const kept = directoryOf().people;
  kept.restore(people.store());
  expect(kept.person(2).displayName).toBe('Deleted account');
});

test('a person who is suspended counts as changed', () => {
  const { people } = directoryOf();
  people.applyProfile(named(2, 'Bo'));
  const { version } = people;
  people.applyProfile({ ...named(2, 'Bo'), state: 'suspended' });
  expect(people.version).toBeGreaterThan(version);
});

test('[CM-14.6] an event during a request takes precedence over the answer, which may be older', async () => {
  const { people, questions } = directoryOf();
  people.person(2);
  people.person(3);
  await Promise.resolve();
  people.applyProfile(named(2, 'Bob'));
  await questions[0]?.answer([named(2, 'Bo'), named(3, 'Cy')]);
  expect([people.person(2).displayName, people.person(3).displayName]).toEqual(['Bob', 'Cy']);
  people.applyProfile(named(2, 'Robert'));
  expect(people.person(2).displayName).toBe('Robert');
});

test('a person learnt from another answer is shown, and requested once shown to receive changes', async () => {
  const { people, questions } = directoryOf();
  people.learn([named(2, 'Bo')]);
  expect(questions).toEqual([]);
  expect(people.person(2).displayName).toBe('Bo');
  await Promise.resolve();
  expect(questions[0]?.ids).toEqual([2]);
});

test('above the limit of people, the one learnt first is evicted and requested again', async () => {
  const { people, questions } = directoryOf();
  people.learn(Array.from({ length: 20_000 }, (_, index) => named(index + 2, 'x')));
  expect(people.store().at(-1)?.id).toBe(20_001);
  people.learn([named(20_002, 'Newest')]);
  expect([people.person(2).displayName, people.person(20_002).displayName]).toEqual(['', 'Newest']);
  await Promise.resolve();
  expect(questions[0]?.ids).toContain(2);
});

test.each<Partial<Profile>>([
  { name: 'other' },
  { displayName: 'Other' },
  { avatar: '/api/files/other' },
  { status: 'Away' },
  { guest: true },
])('a person is shown in the current state after a change: %j', (change) => {
  const { people } = directoryOf();
  const before: Profile = { ...named(2, 'Bo'), avatar: '/api/files/bo', status: 'Here' };
  people.learn([before]);
  const { version } = people;
  people.learn([{ ...before }]);
  expect(people.version).toBe(version);
  people.learn([{ ...before, ...change }]);
  expect([people.person(2), people.version > version]).toEqual([{ ...before, ...change }, true]);
});
