import type { ChatClient, ConversationEntry } from '@everywire/chat-client';
import { fit, plain, widthOf } from './cells.js';
import { Finder } from './finder.js';
import type { Key } from './keys.js';
import { LineEditor } from './line-editor.js';
import { accent, bold, dim, type Frame, inverse, type Size } from './screen.js';
import { statusLine } from './status-line.js';
import { TimelinePane } from './timeline-pane.js';
import type { View } from './view.js';
import { errorText, type TerminalWords } from './words.js';

/** Narrower screens show only the conversation. */
const LIST_FROM_COLUMNS = 60;
/** The default size limit of a message on the server, bytes. */
const TEXT_BYTES_MAX = 16_384;

/** The dependencies of a `ChatView`. */
export interface ChatViewOptions {
  readonly chat: ChatClient;
  /** The name of the server. */
  readonly place: string;
  readonly words: TerminalWords;
  /** Must be called when the screen has to be painted again. */
  readonly changed: () => void;
  readonly onSignOut: () => void;
}

/** Shows the conversation list, the open conversation and the composer. */
export class ChatView implements View {
  readonly #options: ChatViewOptions;
  readonly #editor: LineEditor = new LineEditor(TEXT_BYTES_MAX);
  #pane: TimelinePane | null = null;
  /** The id of the open conversation. */
  #openId: number | null = null;
  /** The search for a person, which replaces the conversation while it is open. */
  #finder: Finder | null = null;
  /** An error to show until the next key. */
  #note = '';

  constructor(options: ChatViewOptions) {
    this.#options = options;
  }

  render(size: Size): Frame {
    const { chat, words, place } = this.#options;
    const snapshot = chat.getSnapshot();
    const { conversations } = snapshot;
    if (this.#openId === null && conversations[0] !== undefined) this.#show(conversations[0].id);
    const { columns } = size;
    const rows = Math.max(6, size.rows);
    const listWidth = columns >= LIST_FROM_COLUMNS ? Math.min(32, Math.floor(columns / 3)) : 0;
    // One column before the conversation and one after it stay free. With a list, a line separates both.
    const width = columns - listWidth - (listWidth > 0 ? 3 : 2);
    const height = rows - 3;
    const body = this.#body(width, height);
    const list = listWidth === 0 ? [] : this.#list(conversations, listWidth, height);
    const prompt = `${this.#finder === null ? words.write : words.find} › `;
    const promptWidth = Math.min(columns - 2, widthOf(prompt));
    const editor = (this.#finder?.editor ?? this.#editor).view(columns - promptWidth - 1, shownLetter);
    const lines = [
      statusLine(snapshot, place, words, columns, Date.now()),
      ...body.map((line, at) => (listWidth === 0 ? ` ${line}` : `${list[at] ?? ''}${dim('│')} ${line}`)),
      `${accent(fit(prompt, promptWidth))}${editor.text}`,
      dim(fit(this.#finder === null ? words.chatKeys : words.findKeys, columns)),
    ];
    return { lines, cursor: { row: rows - 2, column: promptWidth + editor.column } };
  }

  onKey(key: Key): void {
    this.#note = '';
    if (this.#finder !== null) this.#onFinderKey(key, this.#finder);
    else if (!this.#onCommandKey(key)) this.#onEditorKey(key);
  }

  close(): void {
    this.#pane?.close();
  }

  #onCommandKey(key: Key): boolean {
    switch (key.ctrl ? `ctrl-${key.name}` : key.name) {
      case 'ctrl-n':
      case 'down':
        this.#step(1);
        return true;
      case 'ctrl-p':
      case 'up':
        this.#step(-1);
        return true;
      case 'ctrl-o':
        this.#finder = new Finder(this.#options.chat, this.#options.words, this.#options.changed);
        return true;
      case 'ctrl-x':
        this.#options.onSignOut();
        return true;
      case 'pageup':
        this.#pane?.scroll(-0.9);
        return true;
      case 'pagedown':
        this.#pane?.scroll(0.9);
        return true;
      case 'end':
        this.#pane?.toEnd();
        // The editor handles the key too, and moves its cursor to the end of the line.
        return false;
      case 'return':
      case 'enter':
        this.#send();
        return true;
      default:
        return false;
    }
  }

  #onEditorKey(key: Key): void {
    const before = this.#editor.text;
    this.#editor.onKey(key);
    const { text } = this.#editor;
    if (text === before) return;
    this.#pane?.timeline.setTyping(text !== '');
    this.#pane?.timeline.setDraft(text);
  }

  #onFinderKey(key: Key, finder: Finder): void {
    if (key.name === 'escape' || (key.ctrl && key.name === 'o')) this.#finder = null;
    else if (key.name !== 'return' && key.name !== 'enter') finder.onKey(key);
    else if (finder.chosen !== null) {
      this.#finder = null;
      this.#options.chat.createDirect(finder.chosen.id).then(
        (conversation) => {
          this.#show(conversation);
          this.#options.changed();
        },
        (error: unknown) => {
          this.#note = errorText(this.#options.words, String(Reflect.get(error as object, 'code')));
          this.#options.changed();
        },
      );
    }
  }

  #send(): void {
    const text = this.#editor.text.trim();
    if (text === '' || this.#pane === null) return;
    this.#pane.timeline.send(text);
    this.#pane.timeline.setTyping(false);
    this.#pane.timeline.setDraft('');
    this.#pane.toEnd();
    this.#editor.text = '';
  }

  #step(by: 1 | -1): void {
    const { conversations, moreConversations } = this.#options.chat.getSnapshot();
    const at = conversations.findIndex(({ id }) => id === this.#openId) + by;
    if (at >= conversations.length - 1 && moreConversations) this.#options.chat.loadMoreConversations();
    const next = conversations[at];
    if (next !== undefined) this.#show(next.id);
  }

  #show(conversation: number): void {
    if (conversation === this.#openId) return;
    const { chat, words, changed } = this.#options;
    this.#pane?.timeline.setTyping(false);
    this.#pane?.close();
    this.#openId = conversation;
    this.#pane = new TimelinePane(chat.openTimeline(conversation), words, changed);
    this.#editor.text = chat.getSnapshot().conversations.find(({ id }) => id === conversation)?.draft ?? '';
  }

  #body(width: number, height: number): readonly string[] {
    const { words, chat } = this.#options;
    if (this.#finder !== null) return this.#finder.render(width, height);
    const pane = this.#pane;
    if (pane === null) {
      const text = chat.getSnapshot().loading ? words.loading : words.noConversation;
      return [...Array<string>(height - 1).fill(''), dim(fit(text, width))];
    }
    const entry = chat.getSnapshot().conversations.find(({ id }) => id === this.#openId);
    const lines = pane.render(width, height - 2);
    return [bold(fit(entry === undefined ? '' : plain(entry.title), width)), ...lines, this.#below(pane, entry, width)];
  }

  /** Returns the line between messages and composer: an error, a state such as "new messages below", or the people who are typing. */
  #below(pane: TimelinePane, entry: ConversationEntry | undefined, width: number): string {
    const { words } = this.#options;
    const { typing, error } = pane.timeline.getSnapshot();
    const wrong = this.#note !== '' ? this.#note : error === null ? '' : errorText(words, error.code);
    if (wrong !== '') return accent(fit(wrong, width));
    if (entry?.member === false) return dim(fit(words.notMember, width));
    if (!pane.atEnd) return accent(fit(words.newBelow, width));
    return typing.length === 0
      ? ''
      : dim(fit(words.typing(plain(typing.map(({ displayName }) => displayName).join(', '))), width));
  }

  #list(conversations: readonly ConversationEntry[], width: number, height: number): readonly string[] {
    const { words } = this.#options;
    const at = conversations.findIndex(({ id }) => id === this.#openId);
    const room = Math.max(1, Math.floor((height - 1) / 2));
    const from = Math.max(0, Math.min(at - Math.floor(room / 2), conversations.length - room));
    const lines = [bold(fit(` ${words.conversations}`, width))];
    for (const entry of conversations.slice(from, from + room)) lines.push(...this.#entry(entry, width));
    return [...lines, ...Array<string>(height).fill(' '.repeat(width))].slice(0, height);
  }

  #entry(entry: ConversationEntry, width: number): readonly [string, string] {
    const isOpen = entry.id === this.#openId;
    const badge = entry.unread > 0 ? ` ${entry.unread > 99 ? '99+' : entry.unread} ` : '';
    const title = fit(` ${plain(entry.title)}`, width - widthOf(badge) - 1);
    const head = `${isOpen ? inverse(title) : entry.unread > 0 ? bold(title) : title}${badge === '' ? '' : inverse(accent(badge))} `;
    const preview = dim(fit(`   ${plain(this.#previewText(entry))}`, width));
    return [head, preview];
  }

  #previewText({ preview, draft, typing, id }: ConversationEntry): string {
    const { words, chat } = this.#options;
    if (typing.length > 0) return words.typing(typing.map(({ displayName }) => displayName).join(', '));
    if (draft !== '' && id !== this.#openId) return `✎ ${draft}`;
    if (preview === null || preview.service !== null) return '';
    const own = preview.pending || preview.sender?.id === chat.getSnapshot().me.id;
    return `${own ? `${words.you}: ` : ''}${preview.text}`;
  }
}

/** Shows a pasted line break as one cell in the composer. */
const shownLetter = (grapheme: string): string => (grapheme === '\n' ? '⏎' : grapheme);
