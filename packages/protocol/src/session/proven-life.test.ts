import { expect, it } from 'vitest';
import { provenLifeMs } from '../limits.js';
import { ProvenLife } from './proven-life.js';
import { duplex, stream } from './test-kit/client-bench.js';

it('[SN-12.1] a transport is proven once something useful came by it after a while, and that is said once', () => {
  const life = new ProvenLife();
  life.begin(duplex, true, 0);
  expect(life.has(duplex, provenLifeMs)).toBe(false);
  expect(life.use(duplex, 1)).toBe(false);
  expect(life.has(duplex, provenLifeMs - 1)).toBe(false);
  expect([life.use(duplex, provenLifeMs), life.use(duplex, provenLifeMs)]).toEqual([true, false]);
  expect(life.has(duplex, provenLifeMs)).toBe(true);
});

it('[SN-12.1] what another transport brings proves nothing', () => {
  const life = new ProvenLife();
  life.begin(duplex, true, 0);
  expect(life.use(stream, provenLifeMs)).toBe(false);
  expect(life.has(duplex, provenLifeMs)).toBe(false);
});

it('the next link of the same transport goes on with the life of the one before, unless nothing carried between them', () => {
  const life = new ProvenLife();
  life.begin(stream, true, 0);
  life.use(stream, 1);
  life.begin(stream, false, provenLifeMs);
  expect(life.has(stream, provenLifeMs)).toBe(true);
  life.begin(stream, true, provenLifeMs);
  expect(life.has(stream, provenLifeMs)).toBe(false);
});
