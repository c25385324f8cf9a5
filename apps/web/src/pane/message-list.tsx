import type { ConversationEntry, Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { type Ref, useCallback, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { Virtualizer, type VirtualizerHandle } from 'virtua';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { useTimeZone } from '../i18n/time-zone.js';
import { FloatingDay } from './day-pill.js';
import { EmptyLog } from './empty-log.js';
import { JumpChip, ReturnChip } from './jump-chip.js';
import type { MentionChipProps } from './mention-chip.js';
import type { ScrollKey } from './scroll-geometry.js';
import type { ScrollMemory, ScrollPlace } from './scroll-memory.js';
import { sequenceOf } from './shown-span.js';
import { useSteadyItems } from './steady-items.js';
import { TimelineItemView } from './timeline-item-view.js';
import { timelineItems } from './timeline-items.js';
import { type ActionTargets, useItemActions } from './use-item-actions.js';
import { useJump } from './use-jump.js';
import { useMarkRead } from './use-mark-read.js';
import { useMessageFocus } from './use-message-focus.js';
import { useNewBelow } from './use-new-below.js';
import { usePrintedRows } from './use-printing.js';
import { useScrollPlace } from './use-scroll-place.js';
import { useSeen } from './use-seen.js';
import type { Selection } from './use-selection.js';
import { useShownSpan } from './use-shown-span.js';

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
  const span = useShownSpan({ rows, conversation: entry.id, memory, opensAt });
  const isFirst = atStart && span.gapAbove === null;
  const zone = useTimeZone();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another time zone has other days
  const built = useMemo(
    () => timelineItems({ rows: span.rows, atStart: isFirst, unreadKey, heads }),
    [span.rows, isFirst, unreadKey, heads, zone],
  );
  const { items, shift } = useSteadyItems(built);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const onNearStart = useCallback(() => {
    if (span.gapAbove === null) {
      if (!atStart && !loading) timeline.loadOlder();
    } else if (!span.gapAbove.loading) timeline.fillGap(span.gapAbove.key, 'newer');
  }, [timeline, atStart, loading, span.gapAbove]);
  const place = useScrollPlace({
    conversation: entry.id,
    items,
    shift,
    isEnd: span.gapBelow === null,
    opensAt,
    memory,
    scroller,
    list,
    onNearStart,
    onIntent: span.keep,
  });
  const toEnd = () => {
    span.show(null);
    place.toEnd();
  };
  const toPlace = (to: ScrollPlace) => {
    span.show(to.at === 'row' ? (to.sequence ?? null) : null);
    place.toPlace(to);
  };
  const toLatest = () => {
    const unread = rows.find((row) => row.key === opensAt);
    const sequence = unread ? sequenceOf(unread) : null;
    span.show(sequence !== null && sequence > seen.upTo ? sequence : null);
    place.toLatest(seen.upTo);
  };
  const scrollBy = (key: ScrollKey) => (key === 'End' ? toEnd() : place.scrollBy(key));
  useImperativeHandle(props.ref, () => ({ toEnd, scrollBy }));
  const focus = useMessageFocus({
    items,
    list,
    scroller,
    lastInView: place.lastInView,
    onExtend: selection.extend,
    newest: rows.findLast((row) => row.type === 'message')?.key ?? null,
    toEnd,
  });
  const { seen, look } = useSeen({
    items,
    list,
    scroller,
    arrived: place.view.known,
    atEnd: place.view.atEnd,
  });
  const newBelow = useNewBelow({
    rows,
    unreadKey,
    unread: entry.unread,
    atEnd: place.view.atEnd,
    seenTo: seen.upTo,
  });
  const read = seen.end ? Number.POSITIVE_INFINITY : seen.last;
  useMarkRead(timeline, rows.at(-1)?.key, unreadSought || read === 0 ? null : read);
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
    show: span.show,
    toRow: place.toRow,
    reportFailure: targets.reportFailure,
  });
  // The focused message, and the gap below, which asks for its page before it is in view. Measuring other rows off screen would move the list.
  const mounted = [...(at === -1 ? [] : [at]), ...(span.gapBelow === null ? [] : [items.length - 1])];
  const printed = usePrintedRows(items.length);
  const picking = selection.rows.length > 0;
  return (
    <div className={picking ? 'log-frame picking' : 'log-frame'}>
      <FloatingDay at={place.view.dayAt} scroller={scroller} />
      <div className="scroll" ref={scroller} tabIndex={-1}>
        <section className="log" aria-label={label} aria-busy={loading} {...focusEvents}>
          {entry.member && <EmptyLog entry={entry} root={root} snapshot={snapshot} />}
          <Virtualizer
            ref={list}
            scrollRef={scroller}
            data={items}
            shift={shift}
            bufferSize={600}
            keepMounted={printed ?? mounted}
            onScroll={() => {
              place.onScroll();
              look();
            }}
            onScrollEnd={place.onScrollEnd}
            onResize={() => {
              place.onResize();
              look();
            }}
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
        </section>
      </div>
      {root === null && (
        <Mentions entry={entry} rows={rows} timeline={timeline} seen={seen.mentions} onGoTo={targets.goTo} />
      )}
      {jump.returnTo?.at === 'row' && <ReturnChip place={jump.returnTo} onReturn={toPlace} onGone={jump.forget} />}
      {place.view.known && !place.view.atEnd && (place.view.far || newBelow > 0) && (
        <JumpChip count={newBelow} onJump={toLatest} />
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
