import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from './person.js';
import { TwoPeople } from './two-people.js';

/* A voice message between two people, at a real server: recorded by one, heard by the other. */

let people: TwoPeople;
let ann: Person;
let bo: Person;

beforeAll(async () => {
  people = await TwoPeople.meet(
    ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    '--autoplay-policy=no-user-gesture-required',
  );
  ({ ann, bo } = people);
}, 90_000);

afterAll(() => people?.end());

const player = (person: Person) => person.page.getByRole('group', { name: 'Voice message' });

it('is recorded by one and heard by the other, from where they like and as fast as they like', async () => {
  await ann.page.getByRole('button', { name: 'Record a voice message' }).click();
  await ann.page.getByRole('group', { name: 'Recording' }).getByText('0:02').waitFor();
  await ann.page.keyboard.press('Enter');
  await ann.allSent();
  await player(bo).waitFor();
  // Its length is known before it is played, though the recording does not have it.
  await player(bo).getByText('0:02').waitFor();
  await player(bo).getByRole('button', { name: 'Speed 1×' }).click();
  await player(bo).getByRole('button', { name: 'Speed 1.5×' }).waitFor();
  const place = player(bo).getByRole('slider', { name: 'Where it plays' });
  await place.focus();
  await place.press('End');
  await expect.poll(() => place.getAttribute('aria-valuetext')).toBe('0:02 of 0:02');
  await place.press('Home');
  await expect.poll(() => place.getAttribute('aria-valuetext')).toBe('0:00 of 0:02');
  await player(bo).getByRole('button', { name: 'Play' }).press('Enter');
  await player(bo).getByRole('button', { name: 'Pause' }).waitFor();
  // It goes on where one goes, and there is a way back to it.
  await bo.page.getByRole('button', { name: 'New conversation' }).first().click();
  await bo.page.getByRole('button', { name: 'My notes' }).click();
  const bar = bo.page.getByRole('region', { name: 'Voice message: Ann' });
  await bar.getByRole('button', { name: 'Pause' }).click();
  await bar.getByRole('button', { name: 'Ann' }).click();
  await player(bo).getByRole('button', { name: 'Play' }).press('Enter');
  await expect.poll(() => bar.count()).toBe(0);
  // To its end, where it begins again.
  await player(bo).getByRole('button', { name: 'Pause' }).waitFor();
  await player(bo).getByRole('button', { name: 'Play' }).waitFor();
  await expect.poll(() => place.getAttribute('aria-valuetext')).toBe('0:00 of 0:02');
  expect([...ann.problems, ...bo.problems]).toEqual([]);
}, 60_000);
