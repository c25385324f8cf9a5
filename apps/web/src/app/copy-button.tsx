import { Check } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import { copyText } from './copy-text.js';

interface CopyButtonProps {
  readonly className: string;
  readonly text: () => string;
  readonly children: ReactNode;
  /** Accessible name and tooltip, for a button whose content is an icon. */
  readonly label?: string;
}

/** Copies the text on press and confirms it in place of the label for two seconds. */
export function CopyButton({ className, text, children, label }: CopyButtonProps) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button type="button" className={className} title={label} onClick={() => void copyText(text()).then(setCopied)}>
      {label === undefined ? (
        <span aria-live="polite">{copied ? words.copied : children}</span>
      ) : (
        <>
          {copied ? <Icon of={Check} size={16} /> : children}
          <span className="hide" aria-live="polite">
            {copied ? words.copied : label}
          </span>
        </>
      )}
    </button>
  );
}
