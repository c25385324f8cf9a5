import type { ConversationEntry, Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { type Ref, useCallback, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { FloatingDay } from './day-pill.js';
import { EmptyLog } from './empty-log.js';
import { JumpChip, ReturnChip } from './jump-chip.js';
import type { MentionChipProps } from './mention-chip.js';
import type { ScrollKey } from './scroll-geometry.js';
import type { ScrollMemory } from './scroll-memory.js';
import { useSteadyItems } from './steady-items.js';
import { TimelineItemView } from './timeline-item-view.js';
import { timelineItems } from './timeline-items.js';
import { type ActionTargets, useItemActions } from './use-item-actions.js';
import { useJump } from './use-jump.js';
import { useMarkRead } from './use-mark-read.js';
import { useMessageFocus } from './use-message-focus.js';
import { useNewBelow } from './use-new-below.js';
import { useScrollPlace } from './use-scroll-place.js';
import { useSeen } from './use-seen.js';
import type { Selection } from './use-selection.js';

const mentionChip = lazyComponent(() => import('./mention-chip.js').then((module) => module.MentionChip));

/** What the surrounding pane can do with the list. */
export interface MessageListHandle {
  toEnd(): void;
  scrollBy(key: ScrollKey): void;
}

interface MessageListProps {
  readonly ref: Ref<MessageListHandle>;
  readonly entry: ConversationEntry;
  /** The root of the shown thread; `null` for the conversation. */
  readonly root: number | null;
  /** The accessible name of the list. */
  readonly label: string;
  /** The id of the signed-in user. */
  readonly own: number;
  readonly timeline: Timeline;
  readonly snapshot: TimelineSnapshot;
  readonly unreadKey: string | null;
  /** The unread message to open at; `null` for the end. */
  readonly opensAt: string | null;
  readonly memory: ScrollMemory;
  readonly targets: ActionTargets;
  readonly selection: Selection;
  /** Called when a link leads to a reply, which is shown in its thread. */
  readonly onThread: (root: number, sequence: number) => void;
}

/** Renders the messages of a conversation or thread in a virtual list that does not move what the user is reading. */
export function MessageList(props: MessageListProps) {
  const { entry, root, label, own, timeline, snapshot, unreadKey, opensAt, memory, targets, selection, onThread } =
    props;
  const { rows, atStart, loading, unreadSought } = snapshot;
  const [heads] = useState(() => new Set<string>());
  const built = useMemo(() => timelineItems({ rows, atStart, unreadKey, heads }), [rows, atStart, unreadKey, heads]);
  const { items, shift } = useSteadyItems(built);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const onNearStart = useCallback(() => {
    if (!atStart && !loading) timeline.loadOlder();
  }, [timeline, atStart, loading]);
  const place = useScrollPlace({
    conversation: entry.id,
    items,
    shift,
    opensAt,
    memory,
    scroller,
    list,
    onNearStart,
  });
  useImperativeHandle(props.ref, () => ({ toEnd: place.toEnd, scrollBy: place.scrollBy }));
  const focus = useMessageFocus({ items, list, scroller, lastInView: place.lastInView, onExtend: selection.extend });
  const { seen, look } = useSeen({ items, list, arrived: place.view.known });
  const newBelow = useNewBelow({
    rows,
    unreadKey,
    unread: entry.unread,
    atEnd: place.view.atEnd,
    seenTo: seen.upTo,
  });
  useMarkRead(timeline, rows.at(-1)?.key, place.view.atEnd && !unreadSought);
  const actions = useItemActions(timeline, root !== null, targets);
  const { at, stopKey, focusRow, ...focusEvents } = focus;
  const jump = useJump({
    conversation: entry.id,
    root,
    timeline,
    items,
    memory,
    focusRow,
    onThread,
    atEnd: place.view.atEnd,
    toRow: place.toRow,
    reportFailure: targets.reportFailure,
  });
  const picking = selection.rows.length > 0;
  return (
    <div className={picking ? 'log-frame picking' : 'log-frame'}>
      <FloatingDay at={place.view.dayAt} scroller={scroller} />
      <div className="scroll" ref={scroller} tabIndex={-1}>
        <div className="log" role="feed" aria-label={label} aria-busy={loading} {...focusEvents}>
          {rows.length === 0 && entry.member && <EmptyLog snapshot={snapshot} />}
          <Virtualizer
            ref={list}
            scrollRef={scroller}
            data={items}
            shift={shift}
            bufferSize={600}
            // Keeps the focused message mounted while scrolling. No other row is kept, because measuring rows off screen moves the list.
            keepMounted={at === -1 ? [] : [at]}
            onScroll={() => {
              place.onScroll();
              look();
            }}
            onScrollEnd={place.onScrollEnd}
            onResize={place.onResize}
          >
            {(item) => (
              <TimelineItemView
                key={item.key}
                item={item}
                kind={entry.kind}
                own={own}
                tabStop={item.key === stopKey}
                marked={item.key === jump.markedKey}
                picked={picking ? selection.keys.has(item.key) : null}
                actions={actions}
              />
            )}
          </Virtualizer>
        </div>
      </div>
      {root === null && (
        <Mentions entry={entry} rows={rows} timeline={timeline} seen={seen.mentions} onGoTo={targets.goTo} />
      )}
      {jump.returnTo?.at === 'row' && (
        <ReturnChip place={jump.returnTo} onReturn={place.toPlace} onGone={jump.forget} />
      )}
      {place.view.known && !place.view.atEnd && (place.view.far || newBelow > 0) && (
        <JumpChip count={newBelow} onJump={() => place.toLatest(seen.upTo)} />
      )}
    </div>
  );
}

/** Renders the mention buttons from the first unread mention on, and keeps them after it is read. */
function Mentions(props: MentionChipProps) {
  const met = useRef(false);
  met.current ||= props.entry.mentions > 0;
  return met.current ? <LazyPart of={mentionChip} props={props} /> : null;
}
