import { errorWords, sentence, useWords } from '../i18n/words.js';

/** In place of messages that the server cannot read. Nothing asks for them again, so there is nothing to press. */
export function DamagedRow() {
  return <p className="service">{sentence(errorWords(useWords(), 'damaged'))}</p>;
}
