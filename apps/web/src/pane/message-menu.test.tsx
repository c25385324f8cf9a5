// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { expect, test } from 'vitest';
import { linWan, me, message } from '../../fixtures/cast.js';
import { placeAt } from '../design/menu-place.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { MessageMenu } from './message-menu.js';
import type { ItemActions } from './use-item-actions.js';

test('left and right move along the row of reactions, and down leaves it', () => {
  const actions = { onThread: null } as Partial<ItemActions> as ItemActions;
  const place = placeAt(10, 20, document.body);
  const view = renderInPage(
    <MessageMenu row={message(1, linWan, 1, 'x')} actions={actions} place={place} onClose={() => undefined} />,
  );
  const items = view.getAllByRole('menuitem');
  act(() => items[0]?.focus());
  const walked = ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowRight', 'ArrowDown'].map(
    (key) => {
      fireEvent.keyDown(document.activeElement as HTMLElement, { key });
      return items.indexOf(document.activeElement as HTMLElement);
    },
  );
  // The row has six reactions and the button for all others.
  expect(walked).toEqual([1, 2, 1, 0, 0, 1, 7]);
});

test('a user who cannot write is offered neither reply nor edit', () => {
  const offered = (actions: Partial<ItemActions>): readonly (string | null)[] => {
    const view = renderInPage(
      <MessageMenu
        row={{ ...message(1, me, 1, 'x'), own: true }}
        actions={{ onThread: null, ...actions } as ItemActions}
        place={placeAt(10, 20, document.body)}
        onClose={() => undefined}
      />,
    );
    const words = view.getAllByRole('menuitem').map(({ textContent }) => textContent);
    view.unmount();
    return words.filter((each) =>
      [en.messages.reply, en.messages.editMessage, en.messages.recall].includes(each ?? ''),
    );
  };
  const { reply, editMessage, recall } = en.messages;
  expect(offered({ onReply: () => undefined, onEdit: () => undefined })).toEqual([reply, editMessage, recall]);
  expect(offered({ onReply: null, onEdit: null })).toEqual([recall]);
});

test('what removes a message stands apart at the end, in red', () => {
  const view = renderInPage(
    <MessageMenu
      row={{ ...message(1, me, 1, 'x'), own: true }}
      actions={{ onThread: null, onReply: null, onEdit: null } as Partial<ItemActions> as ItemActions}
      place={placeAt(10, 20, document.body)}
      onClose={() => undefined}
    />,
  );
  const line = view.getByRole('separator');
  const apart = view
    .getAllByRole('menuitem')
    .filter((item) => line.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING);
  const { recall, hideForMe } = en.messages;
  expect(apart.map(({ textContent }) => textContent)).toEqual([recall, hideForMe]);
  const red = view.getAllByRole('menuitem').filter((item) => item.hasAttribute('data-danger'));
  expect(red).toEqual(apart);
});
