import { expect, it } from 'vitest';
import { PROVEN_LIFE_MS } from '../limits.js';
import { duplex, stream } from './test-kit/client-bench.js';
import { TransportProof } from './transport-proof.js';

it('[SN-12.1] a transport is proven by useful traffic after a while, which is reported once', () => {
  const life = new TransportProof();
  life.begin(duplex, true, 0);
  expect(life.has(duplex, PROVEN_LIFE_MS)).toBe(false);
  expect(life.use(duplex, 1)).toBe(false);
  expect(life.has(duplex, PROVEN_LIFE_MS - 1)).toBe(false);
  expect([life.use(duplex, PROVEN_LIFE_MS), life.use(duplex, PROVEN_LIFE_MS)]).toEqual([true, false]);
  expect(life.has(duplex, PROVEN_LIFE_MS)).toBe(true);
});

it('[SN-12.1] traffic of another transport proves nothing', () => {
  const life = new TransportProof();
  life.begin(duplex, true, 0);
  expect(life.use(stream, PROVEN_LIFE_MS)).toBe(false);
  expect(life.has(duplex, PROVEN_LIFE_MS)).toBe(false);
});

it('the next link of the same transport continues its proof unless the session had no link in between', () => {
  const life = new TransportProof();
  life.begin(stream, true, 0);
  life.use(stream, 1);
  life.begin(stream, false, PROVEN_LIFE_MS);
  expect(life.has(stream, PROVEN_LIFE_MS)).toBe(true);
  life.begin(stream, true, PROVEN_LIFE_MS);
  expect(life.has(stream, PROVEN_LIFE_MS)).toBe(false);
});
