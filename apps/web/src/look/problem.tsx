import { errorWords, sentence, useWords } from '../i18n/words.js';

/** Renders the text of an error code as an alert, or an empty element. */
export function Problem({ code }: { readonly code: string | null }) {
  const words = useWords();
  return (
    <span className="problem" role="alert">
      {code !== null && sentence(errorWords(words, code))}
    </span>
  );
}
