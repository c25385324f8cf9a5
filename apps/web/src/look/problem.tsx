import { errorWords, sentence, useWords } from '../i18n/words.js';

/** What went wrong, in words, said at once; an empty place while nothing has. */
export function Problem({ code }: { readonly code: string | null }) {
  const words = useWords();
  return (
    <span className="problem" role="alert">
      {code !== null && sentence(errorWords(words, code))}
    </span>
  );
}
