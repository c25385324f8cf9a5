import { errorWords, sentence, useWords } from '../i18n/words.js';

/** Renders a placeholder for messages that the server cannot read. There is no retry button, because a retry cannot succeed. */
export function DamagedRow() {
  return <p className="service">{sentence(errorWords(useWords(), 'damaged'))}</p>;
}
