import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useRef } from 'react';
import { useLayer } from '../app/use-layer.js';
import { focusComposer, hasTouchKeyboard } from '../composer/focus-composer.js';
import { useWords } from '../i18n/words.js';
import { Icon } from './icon.js';
import './dialog.css';

interface DialogProps {
  readonly title: string;
  readonly className: string;
  readonly onClose: () => void;
  /** Moves the focus after closing and returns whether it did. By default the composer gets the focus. */
  readonly onFocusBack?: () => boolean;
  readonly children: ReactNode;
}

/**
 * Renders a modal dialog that traps the focus. Escape, Back and a press outside close it. Uses its own backdrop, because the library's
 * overlay adds a `<style>` for scroll locking, which the content security policy forbids and a page that never scrolls does not need.
 */
export function Dialog({ title, className, onClose, onFocusBack, children }: DialogProps) {
  const words = useWords();
  useLayer(onClose);
  const opener = useRef<Element | null>(null);
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <div className="veil">
          <Primitive.Content
            className={`dialog ${className}`}
            aria-describedby={undefined}
            onOpenAutoFocus={() => {
              opener.current = document.activeElement;
            }}
            onCloseAutoFocus={(event) => {
              // The library would focus the dialog's trigger, and these dialogs have none.
              event.preventDefault();
              if (onFocusBack?.() === true) return;
              // The composer gets the focus, unless another dialog has opened.
              const replaced = document.querySelector('[role="dialog"]') !== null;
              if (replaced || (!hasTouchKeyboard() && focusComposer())) return;
              focusOpener(opener.current);
            }}
          >
            <Primitive.Title className="dialog-title">{title}</Primitive.Title>
            {children}
            <Primitive.Close className="icon dialog-close" aria-label={words.close}>
              <Icon of={X} />
            </Primitive.Close>
          </Primitive.Content>
        </div>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Focuses the element that had the focus when the dialog opened, except a field that would open an on-screen keyboard. */
function focusOpener(opener: Element | null): void {
  if (!(opener instanceof HTMLElement)) return;
  if (!hasTouchKeyboard() || !opener.matches('input, textarea')) opener.focus();
}
