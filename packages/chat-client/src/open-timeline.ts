import type { ConversationId, FileRef, Send, UserId } from '@everywire/chat';
import type {
  ChatError,
  LocalFile,
  MessageOptions,
  Person,
  Timeline,
  TimelineRow,
  TimelineSnapshot,
} from './chat-client.js';
import type { ChatCore } from './core/chat-core.js';
import { Memo } from './core/memo.js';
import { isProvisional } from './core/provisional.js';
import { type CoreRow, type CoreTimeline, commandIdOf } from './core/timeline-view.js';
import { type Attachment, uploadedOf, type WaitingFile } from './core/waiting-file.js';
import type { Engine } from './engine.js';
import { createFirst, findDirect } from './first-message.js';
import { locateMessage } from './locate-message.js';
import { mentionsOf, messageActions, nameOf } from './message-actions.js';
import { mintId } from './mint-id.js';
import { snapshotSubscription } from './snapshot-subscription.js';
import { viewMessage, viewRow } from './views.js';

/** Milliseconds between two typing notices while the user types; shorter than their expiry. */
const TYPING_INTERVAL_MS = 3_000;

const loadingSnapshot: TimelineSnapshot = {
  rows: [],
  atStart: false,
  loading: true,
  unreadKey: null,
  unreadSought: false,
  pins: [],
  typing: [],
  error: null,
};

/**
 * Views of rows are cached until there are more than twice as many as shown rows, plus this number. Then stale ones are
 * evicted.
 */
const ROWS_BEYOND = 100;

/** Maximum texts of recalled messages that one view keeps. The oldest is dropped. */
const RECALLED_MAX = 50;

const absentError: ChatError = { code: 'not_found', retryable: false };

function refusalOf({ refused }: CoreTimeline): ChatError | null {
  return refused && { code: refused, retryable: false };
}

/**
 * Opens a view of a conversation, or of a thread if `root` is the sequence of its root message. The view must be closed
 * by `close`.
 */
export function openTimeline(
  engine: Engine,
  { conversation, root }: { readonly conversation: ConversationId; readonly root: number | null },
  subscribe: (listener: () => void) => () => void,
): Timeline {
  const memo = new Memo<TimelineSnapshot>();
  const rows = new Map<string, { readonly core: CoreRow; readonly version: number; readonly row: TimelineRow }>();
  let error: ChatError | null = null;
  let typingSentAt: number | null = null;
  let closed = false;
  /** Texts of the last own messages recalled in this view, for re-editing. */
  const recalled = new Map<string, string>();
  engine.whenLoaded((core) => {
    if (root === null) core.open(conversation);
    else core.openThread(conversation, root);
    findDirect(engine, core, conversation);
  });

  /**
   * Returns the current id, because a provisional conversation (one that exists only on this device) gets its real id
   * with its first message.
   */
  const at = (): ConversationId => engine.core?.directs.at(conversation) ?? conversation;
  const person = (id: UserId): Person => engine.people.person(id);
  /**
   * Returns the view of a row. The view stays the same object until it changes, so that a page need not draw all rows
   * of a long list again for one new message.
   */
  const row = (core: CoreRow): TimelineRow => {
    const { version } = engine.people;
    const known = rows.get(core.key);
    if (known !== undefined && known.version === version && isSame(known.core, core)) return known.row;
    const viewed = viewRow(core, { person, me: engine.me, recalledText: recalled.get(core.key) ?? null });
    rows.set(core.key, { core, version, row: viewed });
    return viewed;
  };

  /** Evicts rows that the core no longer holds. */
  const forgetRows = (shown: readonly CoreRow[]): void => {
    if (rows.size <= 2 * shown.length + ROWS_BEYOND) return;
    const keys = new Set(shown.map(({ key }) => key));
    for (const key of rows.keys()) if (!keys.has(key)) rows.delete(key);
  };

  const snapshot = (core: ChatCore): TimelineSnapshot => {
    const timeline = core.timeline(at(), root);
    forgetRows(timeline.rows);
    const typing = core.typing(at());
    const { refused: _refused, ...shown } = timeline;
    return memo.get([timeline, typing.join(), engine.people.version, error], () => ({
      ...shown,
      rows: timeline.rows.map(row),
      pins: timeline.pins.map((pin) => viewMessage(pin, person, engine.me)),
      typing: typing.map(person),
      error: timeline.absent ? absentError : (error ?? refusalOf(timeline)),
    }));
  };

  const sendTyping = (typing: boolean): void => {
    if (!isProvisional(at())) engine.ask({ command: 'typing', conversation: at(), typing }).catch(() => undefined);
  };

  const prepare: Timeline['prepare'] = (text, options = {}) => {
    let prepared: Prepared | null = null;
    const look = (core: ChatCore): void => {
      prepared ??= prepareSend(core, { conversation: at(), root }, text, options);
    };
    engine.whenLoaded(look);
    return (files) => {
      typingSentAt = null;
      engine.whenLoaded((core) => {
        look(core);
        const queued = prepared === null ? 'not_found' : enqueue(engine, core, prepared, files);
        error = queued === 'queued' ? null : { code: queued, retryable: queued !== 'not_found' };
      });
      return error;
    };
  };

  const getSnapshot = (): TimelineSnapshot =>
    engine.core === null || closed ? loadingSnapshot : snapshot(engine.core);

  return {
    subscribe: snapshotSubscription(subscribe, getSnapshot),
    getSnapshot,
    loadOlder: () => engine.whenLoaded((core) => core.loadOlder(at(), root)),
    fillGap: (key, from) => {
      const gap = engine.core?.timeline(at(), root).rows.find((candidate) => candidate.key === key);
      if (gap?.type === 'gap') engine.whenLoaded((core) => core.fillGap(at(), gap.low, root, from));
    },
    locate: (sequence) =>
      locateMessage(engine, { conversation: at(), root, sequence, isClosed: () => closed }, subscribe),
    ...messageActions(engine, { conversation, root }, (key, text) => {
      recalled.set(key, text);
      const [oldest] = recalled.keys();
      if (recalled.size > RECALLED_MAX && oldest !== undefined) recalled.delete(oldest);
    }),
    prepare,
    send: (text, options = {}) => void prepare(text, options)(options.files ?? []),
    retry: (key) =>
      engine.whenLoaded((core) => {
        createFirst(core, conversation);
        core.retry(commandIdOf(key), Date.now());
      }),
    discard: (key) => {
      let text = '';
      engine.whenLoaded((core) => {
        const command = core.discard(commandIdOf(key))?.command;
        if (command?.command === 'send') text = command.text;
      });
      return text;
    },
    waitingFile: async (key, number) => {
      const id = commandIdOf(key);
      const file = engine.core?.uploads.file(id, number) ?? null;
      const bytes = file === null ? null : await engine.uploads.bytes(id, number);
      return file === null || bytes === null ? null : new File([bytes], file.name, { type: file.type });
    },
    markRead: (seen) => {
      engine.whenLoaded((core) => {
        if (root !== null) core.reading.markThreadRead(at(), root, seen);
        else if (seen === undefined) core.reading.markRead(at());
        else core.reading.markSeen(at(), seen);
      });
      engine.flushSoon();
    },
    setTyping: (typing) => {
      const now = Date.now();
      if (typing && (typingSentAt === null || now - typingSentAt >= TYPING_INTERVAL_MS)) {
        typingSentAt = now;
        sendTyping(true);
      } else if (!typing && typingSentAt !== null) {
        typingSentAt = null;
        sendTyping(false);
      }
    },
    setDraft: (text) => {
      if (root !== null) return;
      engine.whenLoaded((core) => core.setDraft(at(), text));
      engine.flushSoon();
    },
    close: () => {
      if (closed) return;
      closed = true;
      if (typingSentAt !== null) sendTyping(false);
      engine.whenLoaded((core) => (root === null ? core.close(conversation) : core.closeThread(conversation, root)));
    },
  };
}

/** A message without its files. */
type Prepared = Omit<Send, 'id' | 'files'>;

/**
 * Resolves the quote and the thread of a message. Returns `null` if the message replies in a thread of which no message
 * is held, because the thread cannot be named then.
 */
function prepareSend(
  core: ChatCore,
  { conversation, root }: { readonly conversation: ConversationId; readonly root: number | null },
  text: string,
  { quote, mentions }: MessageOptions,
): Prepared | null {
  const quoted = quote === undefined ? null : core.row(conversation, quote, root);
  const thread = root === null ? null : core.threadName(conversation, root);
  if (root !== null && thread === null) return null;
  return {
    command: 'send',
    conversation,
    text,
    ...(quoted && { quote: nameOf(quoted) }),
    ...mentionsOf(mentions),
    ...(thread && { thread }),
  };
}

/**
 * Queues a message. The command contains the ids of its files only once all are uploaded. Returns `'queued'`, or why
 * the outbox refused the message.
 */
function enqueue(
  engine: Engine,
  core: ChatCore,
  prepared: Prepared,
  files: readonly (FileRef | LocalFile)[],
): ReturnType<ChatCore['enqueue']> {
  const id = mintId();
  const attachments = files.map((file, number): Attachment => ('bytes' in file ? waitingOf(file, number) : file));
  const up = uploadedOf(attachments);
  const named = up.length > 0 && up.length === files.length && { files: up.map((file) => file.id) };
  engine.uploads.hold(id, files);
  createFirst(core, prepared.conversation);
  return core.enqueue({ ...prepared, id, ...named }, Date.now(), attachments);
}

function waitingOf({ name, type, bytes }: LocalFile, number: number): WaitingFile {
  return { waiting: true, number, name, type, size: bytes.byteLength };
}

/**
 * Returns whether two rows are the same. The core caches most rows, so they are compared by identity. It creates gaps,
 * damage and pending messages again each time, so they are compared by content.
 */
function isSame(a: CoreRow, b: CoreRow): boolean {
  if (a === b) return true;
  return isRecreated(a) && isRecreated(b) && JSON.stringify(a) === JSON.stringify(b);
}

function isRecreated(row: CoreRow): boolean {
  return row.type === 'gap' || row.type === 'damaged' || (row.type === 'message' && row.pending);
}
