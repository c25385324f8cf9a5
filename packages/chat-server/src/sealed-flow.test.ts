import { expect, test } from 'vitest';
import { SealedFlows } from './sealed-flow.js';

const flow = { state: 's'.repeat(43), nonce: 'n'.repeat(43), verifier: 'v'.repeat(43), expiresAt: 1_700_000_000_000 };

test('a sealed flow opens again, reveals nothing, and differs each time', () => {
  const flows = new SealedFlows();
  const [sealed, again] = [flows.seal(flow), flows.seal(flow)];
  expect([flows.open(sealed), flows.open(again)]).toEqual([flow, flow]);
  expect(sealed).not.toBe(again);
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('sss');
  expect(sealed.length).toBeLessThan(600);
});

test('a flow that was changed, re-encoded, or sealed by another process is refused', () => {
  const flows = new SealedFlows();
  const sealed = flows.seal(flow);
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`;
  for (const text of ['', 'short', 'A'.repeat(300), changed, `${sealed}=`, new SealedFlows().seal(flow)])
    expect(flows.open(text)).toBeNull();
});
