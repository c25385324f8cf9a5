import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
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
 * A modal dialog: focus stays inside, Esc and a press outside close it. The veil is our own element, because the primitive's overlay
 * adds a `<style>` to the page for scroll locking, which the content security policy forbids and a page that never scrolls needs not.
 */
export function Dialog({ title, className, onClose, onFocusBack, children }: DialogProps) {
  const words = useWords();
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <div className="veil">
          <Primitive.Content
            className={`dialog ${className}`}
            aria-describedby={undefined}
            onCloseAutoFocus={(event) => {
              if (onFocusBack?.() === true) {
                event.preventDefault();
                return;
              }
              // Afterwards one goes on writing, unless another dialog took its place; without a composer the control that opened the dialog
              // has the focus again.
              const replaced = document.querySelector('[role="dialog"]') !== null;
              if (replaced || (!hasTouchKeyboard() && focusComposer())) event.preventDefault();
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
