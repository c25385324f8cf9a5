import { MemoryAccounts } from '@everywire/store-memory';
import { expect, test } from 'vitest';
import { SealedFlows } from './sealed-flow.js';
import { StoreKeys } from './store-keys.js';

const flow = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43), expiresAt: 1_700_000_000_000 };
/** Returns the flows of one node of a store. */
const flowsOf = (accounts = new MemoryAccounts()): SealedFlows => new SealedFlows(new StoreKeys(accounts));

test('a sealed flow opens again, reveals nothing, and differs each time', async () => {
  const flows = flowsOf();
  const [sealed, again] = [await flows.seal(flow), await flows.seal(flow)];
  expect([await flows.open(sealed), await flows.open(again)]).toEqual([flow, flow]);
  expect(sealed).not.toBe(again);
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('sss');
  expect(sealed.length).toBeLessThan(600);
});

test('a flow opens at another node of the store and after a restart', async () => {
  const accounts = new MemoryAccounts();
  const sealed = await flowsOf(accounts).seal(flow);
  expect(await flowsOf(accounts).open(sealed)).toEqual(flow);
});

test('a flow that was changed, re-encoded, or sealed for another store is refused', async () => {
  const flows = flowsOf();
  const sealed = await flows.seal(flow);
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const text of ['', 'short', 'A'.repeat(300), changed, `${sealed}=`, await flowsOf().seal(flow)])
    expect(await flows.open(text)).toBeNull();
});
