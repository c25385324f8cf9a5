import { ChatFailure, register, type ServerInfo, type SignedIn, signIn } from '@everywire/chat-client';
import { fit, plain } from './cells.js';
import type { Key } from './keys.js';
import { LineEditor } from './line-editor.js';
import { accent, alarm, bold, dim, type Frame, type Size } from './screen.js';
import type { View } from './view.js';
import { errorText, type TerminalWords } from './words.js';

const FIELD_BYTES_MAX = 1_024;
const LABEL_CELLS = 12;

/** The dependencies of a `SignInView`. */
export interface SignInViewOptions {
  readonly url: string;
  readonly info: ServerInfo;
  readonly words: TerminalWords;
  /** The text above the fields: why the person must sign in again. */
  readonly note: string;
  readonly changed: () => void;
  readonly onSignedIn: (signedIn: SignedIn) => void;
}

/** Asks for name and password, to sign in or to register. */
export class SignInView implements View {
  readonly #options: SignInViewOptions;
  readonly #fields: readonly [LineEditor, LineEditor] = [
    new LineEditor(FIELD_BYTES_MAX),
    new LineEditor(FIELD_BYTES_MAX),
  ];
  #field: 0 | 1 = 0;
  #mode: 'signIn' | 'register' = 'signIn';
  #busy = false;
  #note: string;

  constructor(options: SignInViewOptions) {
    this.#options = options;
    this.#note = options.note;
  }

  render({ columns }: Size): Frame {
    const { words, url, info } = this.#options;
    const inner = Math.max(1, columns - 2 - LABEL_CELLS);
    const name = this.#fields[0].view(inner);
    const password = this.#fields[1].view(inner, () => '•');
    const field = (at: 0 | 1, label: string, text: string): string =>
      `  ${(this.#field === at ? accent : dim)(fit(label, LABEL_CELLS))}${fit(text, inner)}`;
    const isOpen = info.registration === 'open';
    const keys = isOpen ? (this.#mode === 'signIn' ? words.signInKeys : words.registerKeys) : words.registrationClosed;
    const lines = [
      '',
      `  ${bold(fit(plain(info.name), columns - 2))}`,
      `  ${dim(fit(url, columns - 2))}`,
      '',
      `  ${accent(words[this.#mode])}`,
      '',
      field(0, words.name, name.text),
      field(1, words.password, password.text),
      '',
      `  ${alarm(fit(this.#busy ? words.working : this.#note, columns - 2))}`,
      '',
      `  ${dim(fit(keys, columns - 2))}`,
    ];
    const column = 2 + LABEL_CELLS + (this.#field === 0 ? name : password).column;
    return { lines, cursor: { row: 6 + this.#field, column } };
  }

  onKey(key: Key): void {
    if (this.#busy) return;
    if (key.name === 'return' || key.name === 'enter') this.#onEnter();
    else if (key.ctrl && key.name === 'r') this.#turn();
    else if (key.name === 'tab' || key.name === 'up' || key.name === 'down') this.#field = this.#field === 0 ? 1 : 0;
    else this.#fields[this.#field].onKey(key.text === '\n' ? { ...key, text: '' } : key);
  }

  #turn(): void {
    if (this.#options.info.registration !== 'open') return;
    this.#mode = this.#mode === 'signIn' ? 'register' : 'signIn';
    this.#note = '';
  }

  #onEnter(): void {
    if (this.#fields[0].text === '') this.#field = 0;
    else if (this.#field === 0 && this.#fields[1].text === '') this.#field = 1;
    else if (this.#fields[1].text !== '') this.#ask().catch((error: unknown) => this.#onFailed(error));
  }

  async #ask(): Promise<void> {
    const { url, onSignedIn, changed } = this.#options;
    const request = { name: this.#fields[0].text.trim(), password: this.#fields[1].text, label: 'everywire chat' };
    this.#busy = true;
    changed();
    onSignedIn(await (this.#mode === 'signIn' ? signIn : register)(url, request));
  }

  #onFailed(error: unknown): void {
    if (!(error instanceof ChatFailure)) throw error;
    this.#busy = false;
    this.#note = errorText(this.#options.words, error.code);
    this.#fields[1].text = '';
    this.#field = 1;
    this.#options.changed();
  }
}
