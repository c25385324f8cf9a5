import { DropdownMenu } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { useLayer } from '../app/use-layer.js';
import { focusComposer, hasTouchKeyboard } from '../composer/focus-composer.js';
import type { MenuPlace } from './menu-place.js';
import './menu.css';

interface FloatingMenuProps {
  readonly place: MenuPlace;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Renders a menu at a given place. Escape, Back and a press outside close it and return the focus. */
export function FloatingMenu({ place, label, onClose, children }: FloatingMenuProps) {
  const { left, top, width, height, returnTo } = place;
  useLayer(onClose);
  const atPointer = width === 0;
  const [pane] = useState(() => returnTo.closest('.pane'));
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      {createPortal(
        <DropdownMenu.Trigger asChild>
          <button
            type="button"
            className="menu-anchor"
            aria-label={label}
            style={{ left, top, inlineSize: width, blockSize: height }}
            tabIndex={-1}
          />
        </DropdownMenu.Trigger>,
        // In the body, because it is positioned relative to the window and not to a transformed row.
        document.body,
      )}
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          side="bottom"
          // Never under the pointer, where releasing the button would select an item.
          align={atPointer ? 'start' : 'end'}
          sideOffset={atPointer ? 2 : 4}
          collisionPadding={12}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // The chosen action may have moved the focus or opened a dialog.
            if (!isBeyond(event.currentTarget as Node) && document.querySelector('[role="dialog"]') === null)
              focusAgain(returnTo, pane);
          }}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Returns whether the focus is outside this menu, for example in another menu opened meanwhile. */
function isBeyond(menu: Node): boolean {
  const { activeElement, body } = document;
  return activeElement !== null && activeElement !== body && !menu.contains(activeElement);
}

/** Returns the focus to the row, to the element that replaced it, or to the composer if it is gone. */
function focusAgain(returnTo: HTMLElement, pane: Element | null): void {
  const { key, conversation } = returnTo.dataset;
  const name = key === undefined ? 'data-conversation' : 'data-key';
  const selector = `[${name}="${CSS.escape(key ?? conversation ?? '')}"]`;
  const now = returnTo.isConnected ? returnTo : (pane ?? document).querySelector<HTMLElement>(selector);
  if (now !== null) now.focus();
  else if (!hasTouchKeyboard()) focusComposer(pane);
}
