import {
  type ChatClient,
  ChatFailure,
  createChatClient,
  type ServerInfo,
  type SignedIn,
  serverInfo,
} from '@everywire/chat-client';
import { ChatView } from './chat-view.js';
import { KeptSignIn } from './kept-sign-in.js';
import { type Key, readKeys } from './keys.js';
import { Screen } from './screen.js';
import { SignInView } from './sign-in-view.js';
import { tcpAddress } from './tcp-address.js';
import type { View } from './view.js';
import { errorText, type TerminalWords, wordsFor } from './words.js';

/** The interval of redraws without changes, ms, for the countdown to the next attempt. */
const CLOCK_MS = 1_000;

/**
 * Runs `everywire chat URL`: the chat on a terminal, over raw TCP if the server offers it, otherwise like a page.
 *
 * @returns the status to exit with, when the person leaves
 */
export async function runChat(url: string): Promise<number> {
  const words = wordsFor(process.env);
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) {
    process.stderr.write('everywire chat needs a terminal.\n');
    return 1;
  }
  let info: ServerInfo;
  try {
    info = await serverInfo(url);
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    process.stderr.write(`${url}: ${errorText(words, error.code)}\n`);
    return 1;
  }
  return new Terminal(url, info, words).run();
}

/** Owns the screen and the keys and gives them to one view. */
class Terminal {
  readonly #url: string;
  readonly #info: ServerInfo;
  readonly #words: TerminalWords;
  readonly #kept: KeptSignIn;
  readonly #screen: Screen = new Screen(process.stdout, () => this.#changed());
  #view: View;
  #chat: ChatClient | null = null;
  #painting = false;
  #leave: () => void = () => undefined;

  constructor(url: string, info: ServerInfo, words: TerminalWords) {
    this.#url = url;
    this.#info = info;
    this.#words = words;
    this.#kept = new KeptSignIn(url, process.env);
    this.#view = this.#signInView('');
  }

  async run(): Promise<number> {
    const kept = this.#kept.read();
    if (kept !== null) this.#enter(kept);
    const restore = (): void => this.#screen.stop();
    // Restores the terminal however the process ends.
    process.once('exit', restore);
    const stopKeys = readKeys(process.stdin, (key) => this.#onKey(key));
    const clock = setInterval(() => this.#changed(), CLOCK_MS);
    this.#screen.start();
    this.#changed();
    await new Promise<void>((resolve) => {
      this.#leave = resolve;
      for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.once(signal, () => resolve());
    });
    clearInterval(clock);
    stopKeys();
    restore();
    await this.#chat?.close();
    return 0;
  }

  #onKey(key: Key): void {
    if (key.ctrl && key.name === 'c') this.#leave();
    else this.#view.onKey(key);
    this.#changed();
  }

  /** Schedules one redraw per tick. */
  #changed(): void {
    if (this.#painting) return;
    this.#painting = true;
    setImmediate(() => {
      this.#painting = false;
      this.#screen.paint(this.#view.render(this.#screen.size));
    });
  }

  #signInView(note: string): View {
    return new SignInView({
      url: this.#url,
      info: this.#info,
      words: this.#words,
      note,
      changed: () => this.#changed(),
      onSignedIn: (signedIn) => {
        this.#kept.keep(signedIn);
        this.#enter(signedIn);
      },
    });
  }

  #enter({ me, token }: SignedIn): void {
    const chat = createChatClient({ url: this.#url, me, token, tcp: tcpAddress(this.#url, this.#info) });
    chat.nameDeleted(this.#words.deletedAccount);
    const view = new ChatView({
      chat,
      place: this.#info.name,
      words: this.#words,
      changed: () => this.#changed(),
      onSignOut: () =>
        void chat.signOut().then(
          () => this.#out(view),
          () => this.#out(view),
        ),
    });
    chat.subscribe(() => {
      if (chat.getSnapshot().signedOut) this.#out(view);
      this.#changed();
    });
    this.#chat = chat;
    this.#view = view;
    this.#changed();
  }

  /** Ends this sign-in, after a sign-out here or elsewhere. */
  #out(view: ChatView): void {
    if (this.#view !== view) return;
    view.close();
    this.#kept.forget();
    this.#chat = null;
    this.#view = this.#signInView(this.#words.signedOut);
    this.#changed();
  }
}
