import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';
import { copyText } from './copy-text.js';

interface CopyButtonProps {
  readonly className: string;
  readonly text: () => string;
  readonly children: ReactNode;
}

/** Copies, and says so in its own place for two seconds. */
export function CopyButton({ className, text, children }: CopyButtonProps) {
  const words = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button type="button" className={className} onClick={() => void copyText(text()).then(setCopied)}>
      <span aria-live="polite">{copied ? words.copied : children}</span>
    </button>
  );
}
