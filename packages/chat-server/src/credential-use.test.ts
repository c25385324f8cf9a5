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
  await use.renew(new Set(['living', 'gone', 'closed']), 4);
  used.length = 0;
  expect(await use.renew(new Set(['living', 'gone']), 5)).toEqual(['gone']);
  expect(used).toEqual(['hash-living@5', 'hash-gone@5']);
  used.length = 0;
  await use.renew(new Set(['living', 'gone', 'closed']), 6);
  expect(used).toEqual(['hash-living@6', 'hash-gone@6']);
});

test('a sign-in whose session was still being opened at one check is examined by the next', async () => {
  let isThere = true;
  const use = new CredentialUse({ useCredential: async () => (isThere ? ({} as never) : null) });
  use.opened('opening', 'hash');
  expect(await use.renew(new Set(), 5)).toEqual([]);
  isThere = false;
  expect(await use.renew(new Set(['opening']), 6)).toEqual(['opening']);
});
