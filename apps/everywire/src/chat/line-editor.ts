import { graphemesOf, plain, widthOf } from './cells.js';
import type { Key } from './keys.js';

/** Edits one line: the letters before and after the cursor. A pasted line break is one letter. */
export class LineEditor {
  #before: string[] = [];
  #after: string[] = [];
  readonly #bytesMax: number;

  /** @param bytesMax the limit in UTF-8 bytes; further input is ignored */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get text(): string {
    return [...this.#before, ...this.#after].join('');
  }

  set text(text: string) {
    this.#before = [...graphemesOf(text)];
    this.#after = [];
  }

  insert(text: string): void {
    // Graphemes are split again, because an accent or the second half of an emoji joins the letter before it.
    const before = this.#before.join('') + text;
    if (Buffer.byteLength(before) + Buffer.byteLength(this.#after.join('')) > this.#bytesMax) return;
    this.#before = [...graphemesOf(before)];
  }

  /** Handles a key; returns whether it was an editing key. */
  onKey(key: Key): boolean {
    const action = key.ctrl ? controls[key.name] : key.meta ? metas[key.name] : names[key.name];
    if (action !== undefined) this.#act(action);
    else if (key.text === '' || key.ctrl || key.meta) return false;
    else this.insert(key.text);
    return true;
  }

  /** Returns the visible part in `width` cells, without control characters, and the cell of the cursor. */
  view(
    width: number,
    shown: (grapheme: string) => string = asItIs,
  ): { readonly text: string; readonly column: number } {
    const draw = (grapheme: string): string => plain(shown(grapheme));
    const before = this.#before.map(draw);
    let column = widthOf(before.join(''));
    while (column > width - 1 && before.length > 0) column -= widthOf(before.shift() as string);
    const room = width - column;
    let text = before.join('');
    let cells = 0;
    for (const grapheme of this.#after.map(draw)) {
      cells += widthOf(grapheme);
      if (cells > room) break;
      text += grapheme;
    }
    return { text, column };
  }

  #act(action: Action): void {
    const [before, after] = [this.#before, this.#after];
    switch (action) {
      case 'left':
        if (before.length > 0) after.unshift(before.pop() as string);
        return;
      case 'right':
        if (after.length > 0) before.push(after.shift() as string);
        return;
      case 'wordLeft':
        after.unshift(...before.splice(wordStart(before)));
        return;
      case 'wordRight':
        before.push(...after.splice(0, wordEnd(after)));
        return;
      case 'home':
        after.unshift(...before.splice(0));
        return;
      case 'end':
        before.push(...after.splice(0));
        return;
      case 'backspace':
        before.pop();
        return;
      case 'delete':
        after.shift();
        return;
      case 'killWord':
        before.splice(wordStart(before));
        return;
      case 'killBefore':
        before.length = 0;
        return;
      case 'killAfter':
        after.length = 0;
    }
  }
}

type Action =
  | 'left'
  | 'right'
  | 'wordLeft'
  | 'wordRight'
  | 'home'
  | 'end'
  | 'backspace'
  | 'delete'
  | 'killWord'
  | 'killBefore'
  | 'killAfter';

const names: Readonly<Record<string, Action>> = {
  left: 'left',
  right: 'right',
  home: 'home',
  end: 'end',
  backspace: 'backspace',
  delete: 'delete',
};
/** The usual control keys of a shell. */
const controls: Readonly<Record<string, Action>> = {
  b: 'left',
  f: 'right',
  a: 'home',
  e: 'end',
  h: 'backspace',
  d: 'delete',
  w: 'killWord',
  u: 'killBefore',
  k: 'killAfter',
  left: 'wordLeft',
  right: 'wordRight',
};
const metas: Readonly<Record<string, Action>> = { b: 'wordLeft', f: 'wordRight', backspace: 'killWord' };

const asItIs = (grapheme: string): string => grapheme;

function wordStart(letters: readonly string[]): number {
  let at = letters.length;
  while (at > 0 && letters[at - 1] === ' ') at--;
  while (at > 0 && letters[at - 1] !== ' ') at--;
  return at;
}

function wordEnd(letters: readonly string[]): number {
  let at = 0;
  while (at < letters.length && letters[at] === ' ') at++;
  while (at < letters.length && letters[at] !== ' ') at++;
  return at;
}
