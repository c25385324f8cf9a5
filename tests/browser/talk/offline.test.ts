import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Person } from './person.js';
import { TwoPeople } from './two-people.js';

let people: TwoPeople;
let ann: Person;

beforeAll(async () => {
  people = await TwoPeople.meet();
  ann = people.ann;
  await ann.page.evaluate(noteStates);
});

// Also if a test has failed in the middle.
afterEach(() => ann.page.context().setOffline(false));

afterAll(() => people?.end());

interface Noted {
  /** The states the wire showed, and how many milliseconds after the network was last reported lost. */
  readonly states: { readonly state: string; readonly ms: number }[];
}

/** Runs in the page. */
function noteStates(): void {
  const states: { state: string; ms: number }[] = [];
  let offlineAt = 0;
  addEventListener('offline', () => {
    offlineAt = performance.now();
  });
  const wire = document.querySelector<HTMLElement>('.wire[data-state]')!;
  const note = () => states.push({ state: wire.dataset['state']!, ms: performance.now() - offlineAt });
  new MutationObserver(note).observe(wire, { attributeFilter: ['data-state'] });
  Object.assign(window, { states });
}

/** Returns the recorded states and clears them. */
function takeStates(): Promise<Noted['states']> {
  return ann.page.evaluate(() => (window as unknown as Noted).states.splice(0));
}

async function setOffline(offline: boolean): Promise<void> {
  const heard = ann.page.evaluate(
    (name) => new Promise((done) => addEventListener(name, done, { once: true })).then(() => undefined),
    offline ? 'offline' : 'online',
  );
  await ann.page.context().setOffline(offline);
  await heard;
}

const transports = ['WebSocket', 'Fetch stream', 'Long polling'] as const;

it.each(transports)(
  '[item 25] a lost network is shown two to three seconds later over %s, and nothing is lost',
  async (transport) => {
    await ann.chooseTransport(transport);
    await takeStates();
    await setOffline(true);
    await ann.page.locator('.wire[data-state=cut]').waitFor();
    const [first, ...more] = await takeStates();
    expect([first?.state, more]).toEqual(['cut', []]);
    expect(first?.ms).toBeGreaterThan(1_900);
    // Two on an idle machine. A silence that a probe wrongly ended was shown after six.
    expect(first?.ms).toBeLessThan(5_000);
    const text = `written without a network, over ${transport}`;
    await ann.say(text);
    await setOffline(false);
    await people.bo.sees(text);
    await ann.allSent();
    await ann.page.locator('.wire[data-state=cut]').waitFor({ state: 'detached' });
    expect((await people.bo.texts()).filter((one) => one === text)).toHaveLength(1);
  },
);

it.each(transports)('[item 25] a network that is back immediately is not mentioned over %s', async (transport) => {
  await ann.chooseTransport(transport);
  await takeStates();
  await setOffline(true);
  await setOffline(false);
  const text = `after a blip, over ${transport}`;
  await ann.say(text);
  await people.bo.sees(text);
  await ann.allSent();
  expect(await takeStates()).toEqual([]);
});
