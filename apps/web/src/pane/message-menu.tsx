import type { MessageRowView } from '@everywire/chat-client';
import {
  CheckCheck,
  Copy,
  Forward,
  Link,
  ListChecks,
  MessagesSquare,
  Pencil,
  Pin,
  PinOff,
  Reply,
  SmilePlus,
  TextSelect,
  Trash2,
  Undo2,
} from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { KeyboardEvent } from 'react';
import { copyText } from '../app/copy-text.js';
import { FloatingMenu } from '../design/floating-menu.js';
import { Icon } from '../design/icon.js';
import { MenuItem } from '../design/menu-item.js';
import type { MenuPlace } from '../design/menu-place.js';
import { useMedia } from '../design/use-media.js';
import { useWords } from '../i18n/words.js';
import type { ItemActions } from './use-item-actions.js';

interface MessageMenuProps {
  readonly row: MessageRowView;
  readonly actions: ItemActions;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

const quickEmojis = ['👍', '❤️', '😂', '🎉', '😮', '🙏'] as const;

/** Renders the menu with all actions on a message. */
export function MessageMenu({ row, actions, place, onClose }: MessageMenuProps) {
  const words = useWords().messages;
  const { onReply, onEdit } = actions;
  return (
    <FloatingMenu place={place} label={words.moreActs} onClose={onClose}>
      <QuickReactions row={row} actions={actions} />
      {onReply !== null && <MenuItem of={Reply} onSelect={() => onReply(row)} words={words.reply} />}
      <ThreadItem row={row} actions={actions} />
      <TextItems row={row} actions={actions} />
      {row.sequence !== null && (
        <MenuItem of={Link} onSelect={() => actions.onCopyLink(row.sequence ?? 0)} words={words.copyLink} />
      )}
      <MenuItem of={Forward} onSelect={() => actions.onPanel({ kind: 'forward', rows: [row] })} words={words.forward} />
      <MenuItem of={ListChecks} onSelect={() => actions.onPick(row.key, false)} words={words.select} />
      <PinItem row={row} actions={actions} />
      {row.own && row.forwarded === null && onEdit !== null && (
        <MenuItem of={Pencil} onSelect={() => onEdit(row)} words={words.editMessage} />
      )}
      {row.own && (
        <MenuItem of={CheckCheck} onSelect={() => actions.onPanel({ kind: 'readers', row })} words={words.readers} />
      )}
      <DropdownMenu.Separator className="menu-line" />
      {row.own && <MenuItem of={Undo2} onSelect={() => actions.onRecall(row.key)} words={words.recall} danger />}
      <MenuItem of={Trash2} onSelect={() => actions.onHide(row.key)} words={words.hideForMe} danger />
    </FloatingMenu>
  );
}

function QuickReactions({ row, actions }: Pick<MessageMenuProps, 'row' | 'actions'>) {
  const { messages: words, emojis: emojiWords } = useWords();
  return (
    <DropdownMenu.Group className="emojis" onKeyDownCapture={walkRow}>
      {quickEmojis.map((emoji) => {
        const own = row.reactions.some((reaction) => reaction.emoji === emoji && reaction.own);
        return (
          <DropdownMenu.Item
            key={emoji}
            aria-label={words.react(emoji)}
            data-own={own}
            onSelect={() => actions.onReact(row.key, emoji, !own)}
          >
            {emoji}
          </DropdownMenu.Item>
        );
      })}
      <DropdownMenu.Item aria-label={emojiWords.react} onSelect={() => actions.onPanel({ kind: 'react', row })}>
        <Icon of={SmilePlus} size={20} />
      </DropdownMenu.Item>
    </DropdownMenu.Group>
  );
}

/** Moves the focus within the row of reactions on left and right, and out of it on down. The menu itself only handles up and down. */
function walkRow(event: KeyboardEvent<HTMLElement>): void {
  const row = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  const at = row.indexOf(event.target as HTMLElement);
  const all = event.currentTarget.closest('[role="menu"]')?.querySelectorAll<HTMLElement>('[role="menuitem"]');
  const next = { ArrowLeft: row[at - 1], ArrowRight: row[at + 1], ArrowDown: all?.[row.length] }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}

/**
 * Renders the items that copy the text. With touch, a long press opens this menu instead of selecting text, so it also offers a dialog to
 * select from.
 */
function TextItems({ row, actions }: Pick<MessageMenuProps, 'row' | 'actions'>) {
  const words = useWords().messages;
  const isTouch = useMedia('(pointer: coarse)');
  if (row.text === '') return null;
  return (
    <>
      <MenuItem of={Copy} onSelect={() => void copyText(row.text)} words={words.copyText} />
      {isTouch && (
        <MenuItem of={TextSelect} onSelect={() => actions.onPanel({ kind: 'text', row })} words={words.selectText} />
      )}
    </>
  );
}

function ThreadItem({ row, actions }: Pick<MessageMenuProps, 'row' | 'actions'>) {
  const words = useWords().messages;
  const { onThread } = actions;
  const { sequence } = row;
  if (onThread === null || sequence === null) return null;
  return <MenuItem of={MessagesSquare} onSelect={() => onThread(sequence)} words={words.replyInThread} />;
}

function PinItem({ row, actions }: Pick<MessageMenuProps, 'row' | 'actions'>) {
  const words = useWords().messages;
  const pinned = row.pinned !== null;
  return (
    <MenuItem
      of={pinned ? PinOff : Pin}
      onSelect={() => actions.onPin(row.key, !pinned)}
      words={pinned ? words.unpin : words.pin}
    />
  );
}
