import type { MessageRowView } from '@everywire/chat-client';
import { type MarkdownTree, plainText } from '@everywire/markdown';
import { type KeyboardEvent, type MouseEvent, memo, useMemo } from 'react';
import { Avatar } from '../design/avatar.js';
import { usePreferences } from '../design/preferences.js';
import { isFewEmojis } from '../emoji/only-emojis.js';
import { clockTime } from '../i18n/dates.js';
import { scriptOf } from '../i18n/script-of.js';
import { useTimeZone } from '../i18n/time-zone.js';
import { useWords } from '../i18n/words.js';
import type { Words } from '../i18n/zh.js';
import { fileTitle } from './files-line.js';
import { MessageFiles } from './message-files.js';
import { ForwardedLine, MessageMarks, QuoteLine, Reactions, Replies } from './message-marks.js';
import { MentionedNames, MessageText } from './message-text.js';
import { MessageTools } from './message-tools.js';
import { messageTree } from './message-tree.js';
import { SendFailure } from './send-failure.js';
import { receiptWords, Stamp } from './stamp.js';
import type { ItemActions } from './use-item-actions.js';
import { useMentionedNames } from './use-mentioned-names.js';
import { useMessageMenu } from './use-message-menu.js';
import { WaitingFiles } from './waiting-files.js';

/** Props of `MessageRow`. */
export interface MessageRowProps {
  readonly row: MessageRowView;
  readonly head: boolean;
  readonly tail: boolean;
  readonly stamped: boolean;
  readonly lastWaiting: boolean;
  /** In a group conversation, receipts show the number of readers. */
  readonly group: boolean;
  readonly tabStop: boolean;
  /** A jump led to this message just now. */
  readonly marked: boolean;
  /** Whether the message is selected; `null` while nothing is being selected. */
  readonly picked: boolean | null;
  readonly actions: ItemActions;
}

/** Renders one message: a bubble with its stamp outside, and the sender above the first of a group. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, head, group, tabStop, picked, actions } = props;
  const words = useWords();
  const [{ language }] = usePreferences();
  useTimeZone();
  const failed = row.receipt?.state === 'failed' ? row.receipt.code : null;
  const name = row.own ? words.you : row.sender.displayName;
  const time = clockTime(row.sentAt, language);
  const tree = useMemo(() => messageTree(row.text), [row.text]);
  const said = labelText(row, tree, words);
  const called = row.mentionsMe ? words.messages.callsYou : '';
  const label = [words.announced(name, said), called, time, receiptWords(row.receipt, group, words)]
    .filter(Boolean)
    .join(', ');
  const sent = row.sequence !== null;
  const menu = useMessageMenu(sent && picked === null);
  return (
    <article
      className={classesOf(props)}
      aria-label={label}
      tabIndex={tabStop ? 0 : -1}
      data-key={row.key}
      {...menu.events}
      {...(picked !== null && sent && pickEvents(row.key, actions))}
    >
      {picked !== null && <PickBox label={label} disabled={!sent} picked={picked} tabStop={tabStop} />}
      {!row.own && <Portrait row={row} head={head} actions={actions} />}
      <div className="slips">
        {!row.own && head && <From row={row} time={time} actions={actions} />}
        <div className={failed === null ? 'slip' : 'slip failed'}>
          <Bubble row={row} name={name} tree={tree} actions={actions} />
          {failed === null && (row.own || !head) && <RowStamp {...props} />}
          <MessageTools row={row} actions={actions} menu={menu} />
        </div>
        <Reactions reactions={row.reactions} onReact={(emoji, set) => actions.onReact(row.key, emoji, set)} />
        <Replies row={row} onThread={actions.onThread} />
        {failed !== null && (
          <SendFailure
            code={failed}
            onRetry={() => actions.onRetry(row.key)}
            onEdit={actions.onTakeBack && (() => actions.onTakeBack?.(row.key))}
            onDiscard={() => actions.onDiscard(row.key)}
          />
        )}
      </div>
    </article>
  );
});

/** Returns the text and the file names, for the accessible label. */
function labelText({ files, waitingFiles = [] }: MessageRowView, tree: MarkdownTree, words: Words): string {
  return [plainText(tree), ...[...files, ...waitingFiles].map(({ name }) => fileTitle(name, words))]
    .filter(Boolean)
    .join(', ');
}

function RowStamp({ row, stamped, lastWaiting, group, actions }: MessageRowProps) {
  return (
    <Stamp
      sentAt={row.sentAt}
      receipt={row.receipt}
      group={group}
      always={row.own && stamped}
      waitingInWords={lastWaiting}
      onReaders={row.own && row.sequence !== null ? () => actions.onPanel({ kind: 'readers', row }) : null}
    />
  );
}

/** While selecting, a press anywhere on a message toggles it, including on its links, pictures and buttons. */
function pickEvents(key: string, actions: ItemActions) {
  return {
    onClickCapture: (event: MouseEvent) => {
      event.preventDefault();
      event.stopPropagation();
      actions.onPick(key, event.shiftKey);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== ' ') return;
      event.preventDefault();
      actions.onPick(key, event.shiftKey);
    },
  };
}

interface PickBoxProps {
  readonly label: string;
  readonly disabled: boolean;
  readonly picked: boolean;
  readonly tabStop: boolean;
}

/** Renders the selection checkbox. The row handles presses. */
function PickBox({ label, disabled, picked, tabStop }: PickBoxProps) {
  const words = useWords().messages;
  return (
    <input
      type="checkbox"
      className="pick-box"
      aria-label={words.pickMessage(label)}
      checked={picked}
      disabled={disabled}
      tabIndex={tabStop ? 0 : -1}
      readOnly
    />
  );
}

function classesOf({ row, head, tail, marked, picked }: MessageRowProps): string {
  const classes = ['group', row.own ? 'own' : 'other', head ? 'head' : 'follow', tail ? 'tail' : ''];
  if (marked) classes.push('marked');
  if (picked === true) classes.push('picked');
  return classes.join(' ');
}

/** Renders the sender's picture. Keyboard and screen readers use the name next to it. */
function Portrait({ row, head, actions }: Pick<MessageRowProps, 'row' | 'head' | 'actions'>) {
  if (!head) return <span />;
  const { id, displayName, avatar } = row.sender;
  return (
    <button
      type="button"
      className="portrait"
      aria-hidden="true"
      tabIndex={-1}
      onClick={() => actions.onPanel({ kind: 'profile', person: row.sender })}
    >
      <Avatar id={id} name={displayName} kind="person" picture={avatar} size="message" />
    </button>
  );
}

function From({ row, time, actions }: Pick<MessageRowProps, 'row' | 'actions'> & { readonly time: string }) {
  return (
    <h2 className="from">
      <button type="button" tabIndex={-1} onClick={() => actions.onPanel({ kind: 'profile', person: row.sender })}>
        <bdi>{row.sender.displayName}</bdi>
      </button>
      <time className="num">{time}</time>
    </h2>
  );
}

interface BubbleProps extends Pick<MessageRowProps, 'row' | 'actions'> {
  /** The sender's name as shown to the user. */
  readonly name: string;
  readonly tree: MarkdownTree;
}

function Bubble({ row, name, tree, actions }: BubbleProps) {
  const names = useMentionedNames(row.mentions);
  const large = row.files.length === 0 && row.quote === null && row.forwarded === null && isFewEmojis(row.text);
  return (
    <div
      className={large ? 'bubble large' : row.mentionsMe ? 'bubble calls' : 'bubble'}
      dir="auto"
      lang={scriptOf(row.text)}
    >
      {row.forwarded !== null && <ForwardedLine from={row.forwarded.sender.displayName} />}
      {row.quote !== null && <QuoteLine quote={row.quote} onGoTo={actions.onGoTo} />}
      {row.files.length > 0 && (
        <MessageFiles
          files={row.files}
          alone={row.text === ''}
          source={{ name, show: () => actions.onGoTo(row.sequence ?? 0) }}
          onPicture={(file) => actions.onPanel({ kind: 'picture', row: row.key, file })}
        />
      )}
      {row.waitingFiles !== undefined && (
        <WaitingFiles
          files={row.waitingFiles}
          alone={row.text === ''}
          load={(number) => actions.waitingFile(row.key, number)}
        />
      )}
      {row.text !== '' && (
        <MentionedNames value={names}>
          <MessageText tree={tree} />
        </MentionedNames>
      )}
      <MessageMarks row={row} onVersions={() => actions.onPanel({ kind: 'versions', row })} />
    </div>
  );
}
