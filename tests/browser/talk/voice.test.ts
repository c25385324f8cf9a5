/** @module-tag wide: tests/browser/page tests the recorder; this is what the other person hears. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Person } from './person.js';
import { TwoPeople } from './two-people.js';

/* A voice message between two people, at a real server: recorded by one, played by the other. */

let people: TwoPeople;
let ann: Person;
let bo: Person;

beforeAll(async () => {
  people = await TwoPeople.meet(
    ...['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
    '--autoplay-policy=no-user-gesture-required',
  );
  ({ ann, bo } = people);
});

afterAll(() => people?.end());

/** A busy page may skip any particular second. */
const aSecondOrMore = /^0:(0[1-9]|[1-5]\d)$/;
const player = (person: Person) => person.page.getByRole('group', { name: 'Voice message' });

it('a voice message recorded by one person is played by the other, from any position and at any speed', async () => {
  await ann.page.getByRole('button', { name: 'Record voice message' }).click();
  // Long enough that a slow machine presses its buttons while the message plays.
  await ann.page
    .getByRole('group', { name: 'Recording…' })
    .getByText(/^0:(0[6-9]|[1-5]\d)$/)
    .waitFor();
  await ann.page.keyboard.press('Enter');
  await ann.allSent();
  await player(bo).waitFor();
  // Its length is known before it is played, though the recording does not contain it.
  const length = (await player(bo).getByText(aSecondOrMore).first().textContent()) ?? '';
  await player(bo).getByRole('button', { name: '1× speed' }).click();
  await player(bo).getByRole('button', { name: '1.5× speed' }).waitFor();
  const place = player(bo).getByRole('slider', { name: 'Playback position' });
  await place.focus();
  await place.press('End');
  await expect.poll(() => place.getAttribute('aria-valuetext')).toBe(`${length} of ${length}`);
  await place.press('Home');
  await expect.poll(() => place.getAttribute('aria-valuetext')).toBe(`0:00 of ${length}`);
  await player(bo).getByRole('button', { name: 'Play' }).press('Enter');
  await player(bo).getByRole('button', { name: 'Pause' }).waitFor();
  // It continues to play elsewhere, and there is a way back to it.
  await bo.page.getByRole('button', { name: 'New conversation' }).first().click();
  await bo.page.getByRole('button', { name: 'My notes' }).click();
  const bar = bo.page.getByRole('region', { name: 'Voice message: Ann' });
  await bar.getByRole('button', { name: 'Pause' }).click();
  await bar.getByRole('button', { name: 'Ann' }).click();
  await player(bo).getByRole('button', { name: 'Play' }).press('Enter');
  await expect.poll(() => bar.count()).toBe(0);
  // Plays to its end, where it starts over.
  await player(bo).getByRole('button', { name: 'Pause' }).waitFor();
  await player(bo).getByRole('button', { name: 'Play' }).waitFor();
  await expect.poll(() => place.getAttribute('aria-valuetext')).toBe(`0:00 of ${length}`);
  expect([...ann.problems, ...bo.problems]).toEqual([]);
});
