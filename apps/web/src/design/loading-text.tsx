import { useEffect, useState } from 'react';
import { useWords } from '../i18n/words.js';

/** Milliseconds after which a user wonders whether anything still happens. */
const SLOW_AFTER_MS = 10_000;

/** Renders the text of a load that begins when this mounts. After 10 s it says that the load continues. */
export function LoadingText({ text }: { readonly text: string }) {
  const words = useWords();
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), SLOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isSlow ? words.stillLoading : text;
}
