import { expect, it } from 'vitest';
import { PROVEN_LIFE_MS } from '../limits.js';
import { duplex, stream } from './test-kit/client-bench.js';
import { TransportProof } from './transport-proof.js';

// Tests `TransportProof`, which decides whether a transport is proven in this network: its links brought useful traffic
// and lived for `PROVEN_LIFE_MS`. Times are in milliseconds.

it('[SN-12.1] a transport is proven by useful traffic after a while, which is reported once', () => {
  const proof = new TransportProof();
  proof.begin(duplex, true, 0);
  expect(proof.has(duplex, PROVEN_LIFE_MS)).toBe(false);
  expect(proof.use(duplex, 1)).toBe(false);
  expect(proof.has(duplex, PROVEN_LIFE_MS - 1)).toBe(false);
  expect([proof.use(duplex, PROVEN_LIFE_MS), proof.use(duplex, PROVEN_LIFE_MS)]).toEqual([true, false]);
  expect(proof.has(duplex, PROVEN_LIFE_MS)).toBe(true);
});

it('[SN-12.1] traffic of another transport proves nothing', () => {
  const proof = new TransportProof();
  proof.begin(duplex, true, 0);
  expect(proof.use(stream, PROVEN_LIFE_MS)).toBe(false);
  expect(proof.has(duplex, PROVEN_LIFE_MS)).toBe(false);
});

it('the next link of the same transport continues its proof unless the session had no link in between', () => {
  const proof = new TransportProof();
  proof.begin(stream, true, 0);
  proof.use(stream, 1);
  proof.begin(stream, false, PROVEN_LIFE_MS);
  expect(proof.has(stream, PROVEN_LIFE_MS)).toBe(true);
  proof.begin(stream, true, PROVEN_LIFE_MS);
  expect(proof.has(stream, PROVEN_LIFE_MS)).toBe(false);
});
