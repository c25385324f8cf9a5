import type { ConversationId, FileRef, Send, UserId } from '@everywire/chat';
import type { ChatError, Person, SendOptions, Timeline, TimelineRow, TimelineSnapshot } from './chat-client.js';
import type { ChatCore } from './core/chat-core.js';
import { Memo } from './core/memo.js';
import { type CoreRow, commandIdOf } from './core/timeline-view.js';
import type { Engine } from './engine.js';
import { locateMessage } from './locate-message.js';
import { mentionsOf, messageDeeds, nameOf } from './message-deeds.js';
import { mintId } from './mint-id.js';
import { snapshotSubscription } from './snapshot-subscription.js';
import { viewMessage, viewRow } from './views.js';

/** Milliseconds between two typing notices while the person goes on; shorter than they last. */
const typingIntervalMs = 3_000;

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

/** Rows kept beyond twice those that are shown, before what is not shown any more is looked for. */
const rowsBeyond = 100;

/** Texts of recalled messages that one view remembers. */
const recalledMax = 50;

const absentError: ChatError = { code: 'not_found', retryable: false };

/** One open view of a conversation or, with the sequence of its root, of a thread, until `close`. */
export function openTimeline(
  engine: Engine,
  { conversation, root }: { readonly conversation: ConversationId; readonly root: number | null },
  subscribe: (listener: () => void) => () => void,
): Timeline {
  const memo = new Memo<TimelineSnapshot>();
  const rows = new Map<string, { readonly core: CoreRow; readonly version: number; readonly row: TimelineRow }>();
  let error: ChatError | null = null;
  let typingToldAt: number | null = null;
  let closed = false;
  /** What own messages said that were recalled from this view, the last ones (re-edit). */
  const recalled = new Map<string, string>();
  engine.whenLoaded((core) => (root === null ? core.open(conversation) : core.openThread(conversation, root)));

  const person = (id: UserId): Person => engine.people.person(id);
  /** A row keeps its identity while nothing in it changed, so that a list of thousands is not drawn anew for one message. */
  const row = (core: CoreRow): TimelineRow => {
    const { version } = engine.people;
    const known = rows.get(core.key);
    if (known !== undefined && known.version === version && isSame(known.core, core)) return known.row;
    const viewed = viewRow(core, { person, me: engine.me, recalledText: recalled.get(core.key) ?? null });
    rows.set(core.key, { core, version, row: viewed });
    return viewed;
  };

  /** What the core holds no longer is not kept here. */
  const forgetRows = (shown: readonly CoreRow[]): void => {
    if (rows.size <= 2 * shown.length + rowsBeyond) return;
    const keys = new Set(shown.map(({ key }) => key));
    for (const key of rows.keys()) if (!keys.has(key)) rows.delete(key);
  };

  const snapshot = (core: ChatCore): TimelineSnapshot => {
    const timeline = core.timeline(conversation, root);
    forgetRows(timeline.rows);
    const typing = core.typing(conversation);
    return memo.get([timeline, typing.join(), engine.people.version, error], () => ({
      ...timeline,
      rows: timeline.rows.map(row),
      pins: timeline.pins.map((pin) => viewMessage(pin, person, engine.me)),
      typing: typing.map(person),
      error: timeline.absent ? absentError : error,
    }));
  };

  const tellTyping = (typing: boolean): void => {
    engine.ask({ command: 'typing', conversation, typing }).catch(() => undefined);
  };

  const prepare: Timeline['prepare'] = (text, options = {}) => {
    let prepared: Prepared | null = null;
    const look = (core: ChatCore): void => {
      prepared ??= prepareSend(core, { conversation, root }, text, options);
    };
    engine.whenLoaded(look);
    return (files) => {
      typingToldAt = null;
      engine.whenLoaded((core) => {
        look(core);
        const queued = prepared === null ? 'not_found' : core.enqueue(withFiles(prepared, files), Date.now(), files);
        error = queued === 'queued' ? null : { code: queued, retryable: queued === 'outbox_full' };
      });
      return error;
    };
  };

  const getSnapshot = (): TimelineSnapshot =>
    engine.core === null || closed ? loadingSnapshot : snapshot(engine.core);

  return {
    subscribe: snapshotSubscription(subscribe, getSnapshot),
    getSnapshot,
    loadOlder: () => engine.whenLoaded((core) => core.loadOlder(conversation, root)),
    fillGap: (key, from) => {
      const gap = engine.core?.timeline(conversation, root).rows.find((candidate) => candidate.key === key);
      if (gap?.type === 'gap') engine.whenLoaded((core) => core.fillGap(conversation, gap.low, root, from));
    },
    locate: (sequence) => locateMessage(engine, { conversation, root, sequence, isClosed: () => closed }, subscribe),
    ...messageDeeds(engine, { conversation, root }, (key, text) => {
      recalled.set(key, text);
      const [oldest] = recalled.keys();
      if (recalled.size > recalledMax && oldest !== undefined) recalled.delete(oldest);
    }),
    prepare,
    send: (text, options = {}) => void prepare(text, options)(options.files ?? []),
    retry: (key) => engine.whenLoaded((core) => core.retry(commandIdOf(key), Date.now())),
    discard: (key) => {
      let text = '';
      engine.whenLoaded((core) => {
        const command = core.discard(commandIdOf(key))?.command;
        if (command?.command === 'send') text = command.text;
      });
      return text;
    },
    markRead: () =>
      engine.whenLoaded((core) =>
        root === null ? core.markRead(conversation) : core.markThreadRead(conversation, root),
      ),
    setTyping: (typing) => {
      const now = Date.now();
      if (typing && (typingToldAt === null || now - typingToldAt >= typingIntervalMs)) {
        typingToldAt = now;
        tellTyping(true);
      } else if (!typing && typingToldAt !== null) {
        typingToldAt = null;
        tellTyping(false);
      }
    },
    setDraft: (text) => {
      if (root === null) engine.whenLoaded((core) => core.setDraft(conversation, text));
    },
    close: () => {
      if (closed) return;
      closed = true;
      if (typingToldAt !== null) tellTyping(false);
      engine.whenLoaded((core) => (root === null ? core.close(conversation) : core.closeThread(conversation, root)));
    },
  };
}

/** What is known of a message before its files are. */
type Prepared = Omit<Send, 'id' | 'files'>;

/** `null` where the thread's root, and every reply to it, is unknown here. */
function prepareSend(
  core: ChatCore,
  { conversation, root }: { readonly conversation: ConversationId; readonly root: number | null },
  text: string,
  { quote, mentions }: SendOptions,
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

function withFiles(prepared: Prepared, files: readonly FileRef[]): Send {
  return { ...prepared, id: mintId(), ...(files.length > 0 && { files: files.map(({ id }) => id) }) };
}

/** The core keeps views of the log's rows. Gaps, and what waits in the outbox, it makes anew: plain data of a few fields. */
function isSame(a: CoreRow, b: CoreRow): boolean {
  if (a === b) return true;
  return isMadeAnew(a) && isMadeAnew(b) && JSON.stringify(a) === JSON.stringify(b);
}

function isMadeAnew(row: CoreRow): boolean {
  return row.type === 'gap' || (row.type === 'message' && row.pending);
}
