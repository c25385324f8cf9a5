import type { ChatLimits } from '@everywire/chat';
import { StoreDriver } from '../store-driver.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { StoreOpening } from './store-opening.js';

/** An opening with a driver, whose ids are unique and whose clock is its own, like those of a node. */
export interface DrivenOpening extends StoreOpening {
  readonly driver: StoreDriver;
}

/** The same data opened three times: once to prepare and inspect it, and twice for concurrent changes. */
export interface Openings extends Pick<StoreUnderTest, 'accounts'> {
  readonly driver: StoreDriver;
  readonly here: DrivenOpening;
  readonly there: DrivenOpening;
}

/** Which of two concurrent changes commits first. */
export type First = 'here' | 'there';

/** A rule that must hold when two openings change the same data. `check` rejects if it is broken. */
export interface OpeningRule {
  readonly title: string;
  readonly limits?: Partial<ChatLimits>;
  readonly check: (openings: Openings, first: First) => Promise<void>;
}

const IDS_OF_OPENING = 1_000_000;

/** Opens the data twice more. */
export async function openTwice(underTest: StoreUnderTest, limits: ChatLimits): Promise<Openings> {
  const open = async (number: number): Promise<DrivenOpening> => {
    const opening = await underTest.another();
    return { ...opening, driver: new StoreDriver(opening.store, limits, { firstId: number * IDS_OF_OPENING }) };
  };
  const { store, accounts } = underTest;
  return { accounts, driver: new StoreDriver(store, limits), here: await open(1), there: await open(2) };
}

/** Runs two changes that both begin before either commits. */
export async function race<Here, There>(
  ...runners: Parameters<typeof raceInOrder<Here, There>>
): Promise<[Here, There]> {
  return (await raceInOrder(...runners)).answers;
}

/** Does the same; `before` is the result of the first change if it ended before the other was released, or `null` if it waited for a lock of the other. */
export async function raceInOrder<Here, There>(
  { here, there }: Pick<Openings, 'here' | 'there'>,
  first: First,
  atHere: (opening: DrivenOpening) => Promise<Here>,
  atThere: (opening: DrivenOpening) => Promise<There>,
): Promise<{ readonly answers: [Here, There]; readonly before: First | null }> {
  here.gate.hold();
  there.gate.hold();
  const over: First[] = [];
  const begun = Promise.all([
    atHere(here).finally(() => over.push('here')),
    atThere(there).finally(() => over.push('there')),
  ]);
  begun.catch(() => undefined);
  await Promise.all([here.rest(), there.rest()]);
  const [one, other] = first === 'here' ? [here, there] : [there, here];
  one.gate.release();
  // If it waits for a lock of the other one, it is released when it reaches the gate.
  await one.rest();
  const before = over[0] ?? null;
  other.gate.release();
  return { answers: await begun, before };
}
