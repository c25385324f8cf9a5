import { errors, exportJWK, type FlattenedJWSInput, generateKeyPair, type JWK } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { KeysUnavailable, RemoteKeys } from './remote-keys.js';

// Tests `RemoteKeys`, the public keys that a host application publishes at a URL and signs its tokens with. The server
// caches them.

const limits = { jwksFreshMs: 600_000, jwksAgainMs: 5_000, jwksTimeoutMs: 1_000 };
const url = 'https://host.example.org/keys';
const token: FlattenedJWSInput = { payload: '', signature: '' };
let one: JWK;
let two: JWK;
beforeAll(async () => {
  const jwk = async (kid: string): Promise<JWK> => ({
    ...(await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey)),
    kid,
    alg: 'ES256',
  });
  [one, two] = [await jwk('one'), await jwk('two')];
});

/** A host application whose answers and clock the test controls. */
function host(first: readonly JWK[] | null) {
  /** `answer`: the published keys, `null` if requests fail, or `hangs`. */
  const state = {
    now: 0,
    requests: 0,
    lines: [] as string[],
    answer: first as readonly JWK[] | 'hangs' | null,
  };
  const note = (line: string): void => void state.lines.push(line);
  const keys = new RemoteKeys({
    url,
    limits,
    log: { warn: note, info: note },
    now: () => state.now,
    fetch: async () => {
      state.requests += 1;
      if (state.answer === 'hangs') return new Promise<Response>(() => undefined);
      if (state.answer === null) throw new TypeError('fetch failed', { cause: new Error('refused') });
      return Response.json({ keys: state.answer });
    },
  });
  /** Looks a key up by its id. Returns `found`, `unknown` or `unavailable`. */
  const ask = async (kid: string): Promise<string> => {
    try {
      await keys.keyOf({ alg: 'ES256', kid }, token);
      return 'found';
    } catch (error) {
      if (error instanceof KeysUnavailable) return 'unavailable';
      return error instanceof errors.JWKSNoMatchingKey ? 'unknown' : String(error);
    }
  };
  /** Waits for background requests to settle. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return { state, ask, settle };
}

test('fetched keys stay in use through an outage, which is logged once, as is its end', async () => {
  const { state, ask, settle } = host([one]);
  expect(await ask('one')).toBe('found');
  state.answer = null;
  for (const minutes of [11, 12, 60, 600]) {
    state.now = minutes * 60_000;
    expect(await ask('one')).toBe('found');
    await settle();
  }
  expect(state.requests).toBe(5);
  expect(state.lines).toEqual([expect.stringContaining(`${url} (refused); the previous ones stay in use`)]);
  state.answer = [two];
  state.now += limits.jwksAgainMs;
  expect(await ask('one')).toBe('found');
  await settle();
  expect(state.lines).toHaveLength(2);
  // A key that the host application withdrew is no longer valid.
  state.now += limits.jwksAgainMs;
  expect([await ask('two'), await ask('one')]).toEqual(['found', 'unknown']);
});

test('a withdrawn key is refused after ten minutes, even after a time without tokens', async () => {
  const { state, ask } = host([one, two]);
  expect(await ask('one')).toBe('found');
  state.answer = [two];
  state.now = limits.jwksFreshMs;
  expect(await ask('one')).toBe('found');
  state.now += 1;
  expect(await Promise.all([ask('one'), ask('two'), ask('one')])).toEqual(['unknown', 'found', 'unknown']);
  expect(state.requests).toBe(2);
});

test('an outage delays tokens by at most one fetch in ten minutes', async () => {
  const { state, ask, settle } = host([one]);
  await ask('one');
  state.answer = null;
  state.now = 3_600_000;
  expect(await ask('one')).toBe('found');
  state.answer = 'hangs';
  for (let times = 1; times <= 3; times += 1) {
    state.now += limits.jwksAgainMs;
    expect(await ask('one')).toBe('found');
    await settle();
  }
  expect(state.requests).toBe(3);
});

test('an unknown key is fetched, and is unavailable rather than unknown if that fails', async () => {
  const { state, ask } = host([one]);
  await ask('one');
  state.answer = [one, two];
  expect(await ask('two')).toBe('unknown');
  state.now = limits.jwksAgainMs;
  expect(await ask('two')).toBe('found');
  state.answer = null;
  state.now *= 2;
  expect([await ask('three'), await ask('one')]).toEqual(['unavailable', 'found']);
});

test('without keys each token is unavailable, and fetches are limited', async () => {
  const { state, ask } = host(null);
  expect(await Promise.all([ask('one'), ask('one')])).toEqual(['unavailable', 'unavailable']);
  state.now = limits.jwksAgainMs - 1;
  expect(await ask('one')).toBe('unavailable');
  expect([state.requests, state.lines.length]).toEqual([1, 1]);
  state.now += 1;
  state.answer = [one];
  expect(await ask('one')).toBe('found');
});
