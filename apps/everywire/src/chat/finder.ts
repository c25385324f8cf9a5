import type { ChatClient, Person } from '@everywire/chat-client';
import { fit, plain } from './cells.js';
import type { Key } from './keys.js';
import { LineEditor } from './line-editor.js';
import { accent, dim, inverse } from './screen.js';
import type { TerminalWords } from './words.js';

const QUERY_BYTES_MAX = 256;

/** Searches people by the beginning of their name. */
export class Finder {
  readonly editor: LineEditor = new LineEditor(QUERY_BYTES_MAX);
  readonly #chat: ChatClient;
  readonly #words: TerminalWords;
  readonly #changed: () => void;
  #people: readonly Person[] = [];
  #at = 0;
  /** The number of the last request; answers to earlier ones are stale. */
  #asked = 0;

  constructor(chat: ChatClient, words: TerminalWords, changed: () => void) {
    this.#chat = chat;
    this.#words = words;
    this.#changed = changed;
    this.#ask();
  }

  get chosen(): Person | null {
    return this.#people[this.#at] ?? null;
  }

  onKey(key: Key): void {
    if (key.name === 'up' || key.name === 'down') {
      this.#at = Math.max(0, Math.min(this.#people.length - 1, this.#at + (key.name === 'up' ? -1 : 1)));
      return;
    }
    const before = this.editor.text;
    this.editor.onKey(key);
    if (this.editor.text !== before) this.#ask();
  }

  render(width: number, height: number): readonly string[] {
    const lines = [accent(fit(this.#words.find, width))];
    const from = Math.max(0, this.#at - height + 3);
    for (const [at, person] of this.#people.entries()) {
      const text = fit(` ${plain(person.displayName)}  @${plain(person.name)}`, width);
      if (at >= from) lines.push(at === this.#at ? inverse(text) : text);
    }
    if (this.#people.length === 0) lines.push(dim(fit(` ${this.#words.noPeopleFound}`, width)));
    return [...lines, ...Array<string>(height).fill('')].slice(0, height);
  }

  #ask(): void {
    const turn = ++this.#asked;
    this.#chat.people(this.editor.text.trim(), null).then(
      ({ people }) => {
        if (turn !== this.#asked) return;
        this.#people = people;
        this.#at = 0;
        this.#changed();
      },
      // Without a connection there are no results; the status line shows why.
      () => undefined,
    );
  }
}
