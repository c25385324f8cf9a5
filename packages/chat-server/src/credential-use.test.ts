import { expect, test } from 'vitest';
import { CredentialUse } from './credential-use.js';

test('CredentialUse renews the sign-ins of live sessions, drops the others, and returns those that have ended', async () => {
  const used: string[] = [];
  const use = new CredentialUse({
    useCredential: async (tokenHash, now) => {
      used.push(`${tokenHash}@${now}`);
      return tokenHash === 'hash-gone' ? null : ({} as never);
    },
  });
  use.opened('living', 'hash-living');
  use.opened('gone', 'hash-gone');
  use.opened('closed', 'hash-closed');
  expect(await use.renew(new Set(['living', 'gone']), 5)).toEqual(['gone']);
  expect(used).toEqual(['hash-living@5', 'hash-gone@5']);
  used.length = 0;
  await use.renew(new Set(['living', 'gone', 'closed']), 6);
  expect(used).toEqual(['hash-living@6', 'hash-gone@6']);
});
