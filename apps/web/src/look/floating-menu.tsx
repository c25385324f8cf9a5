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

/** A menu that opens where it was asked for. Esc, Back and a press outside close it, and the focus is where it was. */
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
        // Where it is placed by the window, and not by a row that is moved.
        document.body,
      )}
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className="menu"
          side="bottom"
          // Never under the pointer: letting its button go must not choose what lies there.
          align={atPointer ? 'start' : 'end'}
          sideOffset={atPointer ? 2 : 4}
          collisionPadding={12}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // What was chosen may have moved the focus, or opened a dialog, which has it now.
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

/** Whether something has the focus that is not this menu: the next one does, where that was opened meanwhile. */
function isBeyond(menu: Node): boolean {
  const { activeElement, body } = document;
  return activeElement !== null && activeElement !== body && !menu.contains(activeElement);
}

/** What was chosen may have put something else in the place of the message or row, or have taken it away: then one goes on writing. */
function focusAgain(returnTo: HTMLElement, pane: Element | null): void {
  const { key, conversation } = returnTo.dataset;
  const name = key === undefined ? 'data-conversation' : 'data-key';
  const selector = `[${name}="${CSS.escape(key ?? conversation ?? '')}"]`;
  const now = returnTo.isConnected ? returnTo : (pane ?? document).querySelector<HTMLElement>(selector);
  if (now !== null) now.focus();
  else if (!hasTouchKeyboard()) focusComposer(pane);
}
