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
  /** Sees to the focus once it is closed, and answers whether it did; otherwise one goes on writing. */
  readonly onFocusBack?: () => boolean;
  readonly children: ReactNode;
}

/**
 * A modal dialog: focus stays inside; Esc, Back and a press outside close it. The veil is our own element, because the primitive's overlay
 * adds a `<style>` to the page for scroll locking, which the content security policy forbids and a page that never scrolls needs not.
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
              // The primitive would focus its own trigger, and these dialogs have none.
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

/** Focuses the control that had the focus as the dialog opened; not a field whose keyboard would cover half the screen. */
function focusOpener(opener: Element | null): void {
  if (!(opener instanceof HTMLElement)) return;
  if (!hasTouchKeyboard() || !opener.matches('input, textarea')) opener.focus();
}
