import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { KeptSignIn } from './kept-sign-in.js';

it('a kept sign-in is readable by its user only, even if its file was open to others before', () => {
  const state = mkdtempSync(join(tmpdir(), 'everywire-sign-in-'));
  const kept = new KeptSignIn('https://chat.example', { XDG_STATE_HOME: state });
  const me = { id: 1, name: 'ann' } as Parameters<KeptSignIn['keep']>[0]['me'];
  kept.keep({ me, token: 'first' });
  const [name = ''] = readdirSync(join(state, 'everywire'));
  const file = join(state, 'everywire', name);
  chmodSync(file, 0o644);
  kept.keep({ me, token: 'second' });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(kept.read()?.token).toBe('second');
  rmSync(state, { recursive: true });
});
