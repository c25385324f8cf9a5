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
  Trash2,
  Undo2,
} from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { copyText } from '../app/copy-text.js';
import { useWords } from '../i18n/words.js';
import { FloatingMenu } from '../look/floating-menu.js';
import { MenuItem } from '../look/menu-item.js';
import type { MenuPlace } from '../look/menu-place.js';
import type { ItemActs } from './use-item-acts.js';

interface MessageMenuProps {
  readonly row: MessageRowView;
  readonly acts: ItemActs;
  readonly place: MenuPlace;
  readonly onClose: () => void;
}

const quickEmojis = ['👍', '❤️', '😂', '🎉', '😮', '🙏'] as const;

/** All that can be done with a message. */
export function MessageMenu({ row, acts, place, onClose }: MessageMenuProps) {
  const words = useWords().messages;
  return (
    <FloatingMenu place={place} label={words.moreActs} onClose={onClose}>
      <QuickReactions row={row} acts={acts} />
      <MenuItem of={Reply} onSelect={() => acts.onReply(row)} words={words.reply} />
      <ThreadItem row={row} acts={acts} />
      {row.text !== '' && <MenuItem of={Copy} onSelect={() => void copyText(row.text)} words={words.copyText} />}
      {row.sequence !== null && (
        <MenuItem of={Link} onSelect={() => acts.onCopyLink(row.sequence ?? 0)} words={words.copyLink} />
      )}
      <MenuItem of={Forward} onSelect={() => acts.onPanel({ kind: 'forward', rows: [row] })} words={words.forward} />
      <MenuItem of={ListChecks} onSelect={() => acts.onPick(row.key, false)} words={words.select} />
      <PinItem row={row} acts={acts} />
      {row.own && row.forwarded === null && (
        <MenuItem of={Pencil} onSelect={() => acts.onEdit(row)} words={words.editMessage} />
      )}
      {row.own && (
        <MenuItem of={CheckCheck} onSelect={() => acts.onPanel({ kind: 'readers', row })} words={words.readers} />
      )}
      {row.own && <MenuItem of={Undo2} onSelect={() => acts.onRecall(row.key)} words={words.recall} />}
      <MenuItem of={Trash2} onSelect={() => acts.onHide(row.key)} words={words.hideForMe} />
    </FloatingMenu>
  );
}

function QuickReactions({ row, acts }: Pick<MessageMenuProps, 'row' | 'acts'>) {
  const words = useWords().messages;
  return (
    <DropdownMenu.Group className="emojis">
      {quickEmojis.map((emoji) => {
        const own = row.reactions.some((reaction) => reaction.emoji === emoji && reaction.own);
        return (
          <DropdownMenu.Item
            key={emoji}
            aria-label={words.react(emoji)}
            data-own={own}
            onSelect={() => acts.onReact(row.key, emoji, !own)}
          >
            {emoji}
          </DropdownMenu.Item>
        );
      })}
    </DropdownMenu.Group>
  );
}

function ThreadItem({ row, acts }: Pick<MessageMenuProps, 'row' | 'acts'>) {
  const words = useWords().messages;
  const { onThread } = acts;
  const { sequence } = row;
  if (onThread === null || sequence === null) return null;
  return <MenuItem of={MessagesSquare} onSelect={() => onThread(sequence)} words={words.replyInThread} />;
}

function PinItem({ row, acts }: Pick<MessageMenuProps, 'row' | 'acts'>) {
  const words = useWords().messages;
  const pinned = row.pinned !== null;
  return (
    <MenuItem
      of={pinned ? PinOff : Pin}
      onSelect={() => acts.onPin(row.key, !pinned)}
      words={pinned ? words.unpin : words.pin}
    />
  );
}
