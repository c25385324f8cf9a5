// @vitest-environment happy-dom
import { act, fireEvent } from '@testing-library/react';
import { Pin } from 'lucide-react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { renderInPage } from '../test-kit/render-in-page.js';
import { FloatingMenu } from './floating-menu.js';
import { MenuItem } from './menu-item.js';
import { type MenuPlace, placeAt } from './menu-place.js';

let row: HTMLButtonElement;

beforeEach(() => {
  row = document.createElement('button');
  document.body.replaceChildren(row);
});

function open(changed: Partial<MenuPlace> = {}) {
  const onClose = vi.fn();
  const onSelect = vi.fn();
  const view = renderInPage(
    <FloatingMenu place={{ ...placeAt(10, 20, row), ...changed }} label="Terns" onClose={onClose}>
      <MenuItem of={Pin} words="Pin" hint="to the top" onSelect={onSelect} />
      <MenuItem of={Pin} words="Delete" danger disabled onSelect={onSelect} />
    </FloatingMenu>,
  );
  return { ...view, onClose, onSelect };
}

async function close({ unmount }: { readonly unmount: () => void }): Promise<Element | null> {
  unmount();
  await act(() => new Promise((done) => setTimeout(done)));
  return document.activeElement;
}

describe('a floating menu', () => {
  test('a floating menu opens at its place', () => {
    open({ width: 30, height: 40 });
    const anchor = document.querySelector<HTMLElement>('.menu-anchor');
    expect(anchor?.parentElement).toBe(document.body);
    expect(anchor?.getAttribute('aria-label')).toBe('Terns');
    const { left, top, inlineSize, blockSize } = anchor?.style ?? ({} as CSSStyleDeclaration);
    expect([left, top, inlineSize, blockSize]).toEqual(['10px', '20px', '30px', '40px']);
  });

  test('Escape closes a floating menu once and focuses its row', async () => {
    const opened = open();
    fireEvent.keyDown(opened.getByRole('menu'), { key: 'Escape' });
    expect(opened.onClose).toHaveBeenCalledTimes(1);
    expect(await close(opened)).toBe(row);
  });

  test('closing a floating menu focuses the element that replaced its row, or the composer if there is none', async () => {
    const pane = document.body.appendChild(document.createElement('section'));
    pane.className = 'pane';
    pane.innerHTML = '<p data-key="m1" tabindex="-1"></p><textarea data-composer></textarea>';
    const recalled = pane.querySelector<HTMLElement>('p') as HTMLElement;
    row.dataset['key'] = 'm1';
    pane.prepend(row);
    const replaced = open();
    row.remove();
    expect(await close(replaced)).toBe(recalled);
    pane.prepend(row);
    const taken = open();
    row.remove();
    recalled.remove();
    expect(await close(taken)).toBe(pane.querySelector('textarea'));
  });

  test('closing a floating menu leaves the focus where the action moved it', async () => {
    const opened = open();
    const field = document.body.appendChild(document.createElement('input'));
    opened.unmount();
    field.focus();
    await act(() => new Promise((done) => setTimeout(done)));
    expect(document.activeElement).toBe(field);
  });

  test('closing a floating menu leaves the focus in a dialog that it opened', async () => {
    const opened = open();
    const dialog = document.createElement('div');
    dialog.setAttribute('role', 'dialog');
    document.body.append(dialog);
    expect(await close(opened)).not.toBe(row);
  });
});

describe('a menu item', () => {
  test('choosing a menu item runs its action and closes the menu', () => {
    const { getByRole, onSelect, onClose } = open();
    fireEvent.click(getByRole('menuitem', { name: 'Pin to the top' }));
    expect([onSelect.mock.calls.length, onClose.mock.calls.length]).toEqual([1, 1]);
  });

  test('a disabled menu item does nothing, and a destructive one is marked', () => {
    const { getByRole, onSelect } = open();
    const item = getByRole('menuitem', { name: 'Delete' });
    fireEvent.click(item);
    expect([onSelect.mock.calls.length, item.dataset['danger'], item.querySelector('small')]).toEqual([0, '', null]);
    expect(getByRole('menuitem', { name: 'Pin to the top' }).dataset['danger']).toBeUndefined();
  });
});
