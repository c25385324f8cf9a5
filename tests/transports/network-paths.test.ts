import { createRandom, drawRules, type PathName, type PathRules, pathNames } from '@everywire/testkit';
import { describe, expect, it } from 'vitest';
import { assertsFigures, wideUnless } from '../lane.js';
import { bytesOf, type Content, PathTalk, plain, textOf } from './path-talk.js';

/** The most milliseconds until messages pass in both directions, in a network with one fault and with two. */
const TALKS_MS = [5000, 10_000] as const;
/** Factor of these times on a machine that is busy with other tests. */
const SLOWNESS = assertsFigures ? 1 : 3;
/** Bytes of the messages of one half. */
const LARGE = 300_000;
const SIZES = [20, 3000, 20, 20, LARGE, 20, 3000, 20];

/** Small messages, some above a small limit, and some far above it. */
const messages = (from: number): Content[] =>
  SIZES.concat(SIZES).map((bytes, at) => (at % 3 === 1 ? bytesOf(bytes, from + at) : textOf(bytes, from + at)));

/** Returns the rules of a network with these faults. The seed determines their parameters. */
function rulesOf(names: readonly PathName[], seed: number): Partial<PathRules> {
  const random = createRandom(seed);
  return Object.assign({}, ...names.map((name) => drawRules(name, random)));
}

/** Lets a client and a server exchange messages through such a network, and checks that all arrive in order. */
async function talkThrough(names: readonly PathName[], seed: number): Promise<void> {
  const rules = rulesOf(names, seed);
  const talk = await PathTalk.start(rules);
  const [up, down] = [messages(1), messages(1000)];
  const exchange = async (from: number, to: number): Promise<void> => {
    for (let at = from; at < to; at++) {
      talk.client.send(up[at]!);
      talk.session!.send(down[at]!);
    }
    await talk.until(() => talk.up.length > to && talk.down.length > to);
  };
  try {
    talk.client.send('first');
    await talk.until(() => talk.session !== null, TALKS_MS[names.length - 1]! * SLOWNESS);
    talk.session!.send('first');
    const both = (): boolean => talk.up.length > 0 && talk.down.length > 0;
    await talk.until(both, TALKS_MS[names.length - 1]! * SLOWNESS);
    await exchange(0, SIZES.length);
    // Waits for the fault, so that the remaining messages meet it.
    if (rules.webSocket === 'dies') await talk.until(() => talk.path.counters.webSockets > 0);
    await exchange(SIZES.length, up.length);
    expect(talk.up.map(plain)).toEqual(['first', ...up.map(plain)]);
    expect(talk.down.map(plain)).toEqual(['first', ...down.map(plain)]);
    expect(talk.sessions).toBe(1);
  } catch (error) {
    throw new Error(`seed ${seed}, ${JSON.stringify(rules)}`, { cause: error });
  } finally {
    await talk.stop();
  }
}

const pairs = pathNames.flatMap((first, at) => pathNames.slice(at + 1).map((second) => [second, first] as const));

/** Each draws other parameters for the same networks. */
const seeds = [9, 1, 4, 5, 7, 11];

describe.concurrent.each(seeds)('a session works, seed %i,', (seed) => {
  const options = { timeout: 200_000, tags: wideUnless(seed === seeds[0]) };

  it.each(pathNames)('[SN-46] [SN-47] a session works on a network with one fault: %s', options, (name) =>
    talkThrough([name], seed),
  );

  it.each(pairs)('[SN-46] [SN-47] a session works on a network with two faults: %s, %s', options, (one, other) =>
    talkThrough([one, other], seed),
  );
});
