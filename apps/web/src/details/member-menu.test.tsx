// @vitest-environment happy-dom
import type { Person } from '@everywire/chat-client';
import { cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { entry, linWan } from '../../fixtures/cast.js';
import { placeAt } from '../design/menu-place.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { MemberMenu } from './member-menu.js';

afterEach(cleanup);

/** Returns the items of the menu of a member. */
function offered(person: Person): readonly (string | null)[] {
  const place = placeAt(10, 20, document.body);
  const view = renderInPage(
    <MemberMenu
      entry={entry({ id: 12, title: 'Terns', activityAt: 1, role: 'owner' })}
      member={{ person, role: 'member' }}
      place={place}
      run={() => undefined}
      onClose={() => undefined}
    />,
  );
  return view.getAllByRole('menuitem').map(({ textContent }) => textContent);
}

test('an owner can make a member admin or owner, but not a guest', () => {
  const all = [en.talkTo, en.makeAdmin, en.makeReader, en.handOver, en.remove];
  expect(offered(linWan)).toEqual(all);
  cleanup();
  expect(offered({ ...linWan, guest: true })).toEqual([en.talkTo, en.makeReader, en.remove]);
});
