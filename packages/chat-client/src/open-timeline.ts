import type { ConversationId } from '@everywire/chat';
import type { ChatError, Timeline, TimelineRow, TimelineSnapshot } from './chat-client.js';
import type { ChatCore } from './core/chat-core.js';
import { Memo } from './core/memo.js';
import { type CoreRow, commandIdOf } from './core/timeline-view.js';
import type { Engine } from './engine.js';
import { mintId } from './mint-id.js';
import { viewRow } from './views.js';

/** Milliseconds between two typing notices while the person goes on; shorter than they last. */
const typingIntervalMs = 3_000;

const loadingSnapshot: TimelineSnapshot = {
  rows: [],
  atStart: false,
  loading: true,
  unreadKey: null,
  typing: [],
  error: null,
};

const absentError: ChatError = { code: 'not_found', retryable: false };

/** One open view of a conversation, until `close`. */
export function openTimeline(
  engine: Engine,
  conversation: ConversationId,
  subscribe: (listener: () => void) => () => void,
): Timeline {
  const memo = new Memo<TimelineSnapshot>();
  const rows = new Map<string, { readonly core: CoreRow; readonly version: number; readonly row: TimelineRow }>();
  let error: ChatError | null = null;
  let typingToldAt: number | null = null;
  let closed = false;
  engine.whenLoaded((core) => core.open(conversation));

  /** A row keeps its identity while nothing in it changed, so that a list of thousands is not drawn anew for one message. */
  const row = (core: CoreRow): TimelineRow => {
    const { version } = engine.people;
    const known = rows.get(core.key);
    if (known !== undefined && known.version === version && isSame(known.core, core)) return known.row;
    const viewed = viewRow(core, (id) => engine.people.person(id));
    rows.set(core.key, { core, version, row: viewed });
    return viewed;
  };

  const snapshot = (core: ChatCore): TimelineSnapshot => {
    const timeline = core.timeline(conversation);
    const typing = core.typing(conversation);
    return memo.get([timeline, typing.join(), engine.people.version, error], () => ({
      ...timeline,
      rows: timeline.rows.map(row),
      typing: typing.map((id) => engine.people.person(id)),
      error: timeline.absent ? absentError : error,
    }));
  };

  const tellTyping = (typing: boolean): void => {
    engine.ask({ command: 'typing', conversation, typing }).catch(() => undefined);
  };

  return {
    subscribe,
    getSnapshot: () => (engine.core === null || closed ? loadingSnapshot : snapshot(engine.core)),
    loadOlder: () => engine.whenLoaded((core) => core.loadOlder(conversation)),
    fillGap: (key) => {
      const gap = engine.core?.timeline(conversation).rows.find((candidate) => candidate.key === key);
      if (gap?.type === 'gap') engine.whenLoaded((core) => core.fillGap(conversation, gap.low));
    },
    send: (text) => {
      typingToldAt = null;
      engine.whenLoaded((core) => {
        const queued = core.enqueue({ command: 'send', id: mintId(), conversation, text }, Date.now());
        error = queued === 'outbox_full' ? { code: queued, retryable: true } : null;
      });
    },
    retry: (key) => engine.whenLoaded((core) => core.retry(commandIdOf(key), Date.now())),
    discard: (key) => {
      let text = '';
      engine.whenLoaded((core) => {
        const command = core.discard(commandIdOf(key))?.command;
        if (command?.command === 'send') text = command.text;
      });
      return text;
    },
    markRead: () => engine.whenLoaded((core) => core.markRead(conversation)),
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
    setDraft: (text) => engine.whenLoaded((core) => core.setDraft(conversation, text)),
    close: () => {
      if (closed) return;
      closed = true;
      if (typingToldAt !== null) tellTyping(false);
      engine.whenLoaded((core) => core.close(conversation));
    },
  };
}

/** The core makes rows anew whenever one of them changes. */
function isSame(a: CoreRow, b: CoreRow): boolean {
  if (a.type === 'message' && b.type === 'message')
    return a.text === b.text && a.sequence === b.sequence && a.sentAt === b.sentAt && isSameReceipt(a, b);
  if (a.type === 'gap' && b.type === 'gap') return a.loading === b.loading;
  return a.type === 'service' && b.type === 'service' && a.sequence === b.sequence;
}

function isSameReceipt(a: Extract<CoreRow, { type: 'message' }>, b: Extract<CoreRow, { type: 'message' }>): boolean {
  if (a.receipt === null || b.receipt === null) return a.receipt === b.receipt;
  return a.receipt.state === b.receipt.state && JSON.stringify(a.receipt) === JSON.stringify(b.receipt);
}
