import { emitKeypressEvents } from 'node:readline';
import type { ReadStream } from 'node:tty';

/** One key, or one letter from an input method or a paste. */
export interface Key {
  /** The name, such as `return`, `up`, `pageup` or `a`; empty for plain text. */
  readonly name: string;
  /** The text that it enters; empty for other keys. */
  readonly text: string;
  readonly ctrl: boolean;
  readonly meta: boolean;
}

interface Keypress {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/**
 * Reads keys from a terminal in raw mode. A paste is text, its line breaks included. Returns a function that stops
 * reading.
 */
export function readKeys(input: ReadStream, onKey: (key: Key) => void): () => void {
  let pasting = false;
  const onKeypress = (text: string | undefined, { name = '', ctrl = false, meta = false }: Keypress): void => {
    if (name === 'paste-start' || name === 'paste-end') {
      pasting = name === 'paste-start';
      return;
    }
    const written = text !== undefined && !/\p{Cc}/u.test(text) ? text : '';
    if (pasting) {
      const isBreak = name === 'return' || name === 'enter';
      onKey({ name: '', text: isBreak ? '\n' : written, ctrl: false, meta: false });
      return;
    }
    onKey({ name, text: ctrl || meta ? '' : written, ctrl, meta });
  };
  emitKeypressEvents(input);
  input.on('keypress', onKeypress);
  input.setRawMode(true);
  input.resume();
  return () => {
    input.off('keypress', onKeypress);
    input.setRawMode(false);
    input.pause();
  };
}
