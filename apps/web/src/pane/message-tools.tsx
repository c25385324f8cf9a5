import type { MessageRowView } from '@everywire/chat-client';
import { EllipsisVertical, Reply } from 'lucide-react';
import { useState } from 'react';
import { Later, later } from '../app/later.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import { type MenuPlace, placeOf } from '../look/menu-place.js';
import type { ItemActs } from './use-item-acts.js';
import './message-tools.css';

const messageMenu = later(() => import('./message-menu.js').then((module) => module.MessageMenu));

interface MessageToolsProps {
  readonly row: MessageRowView;
  readonly acts: ItemActs;
  readonly onOpenChange: (open: boolean) => void;
}

/** Beside a message that the pointer or the focus is on: reply, and a menu of all that can be done with it. */
export function MessageTools({ row, acts, onOpenChange }: MessageToolsProps) {
  const words = useWords().messages;
  const [place, setPlace] = useState<MenuPlace | null>(null);
  return (
    <div className="tools">
      <button type="button" aria-label={words.reply} title={words.reply} onClick={() => acts.onReply(row)}>
        <Icon of={Reply} size={16} />
      </button>
      <button
        type="button"
        aria-label={words.moreActs}
        title={words.moreActs}
        aria-haspopup="menu"
        aria-expanded={place !== null}
        onClick={(event) => {
          setPlace(placeOf(event.currentTarget));
          onOpenChange(true);
        }}
      >
        <Icon of={EllipsisVertical} size={16} />
      </button>
      {place !== null && (
        <Later
          of={messageMenu}
          props={{
            ...{ row, acts, place },
            onClose: () => {
              setPlace(null);
              onOpenChange(false);
            },
          }}
        />
      )}
    </div>
  );
}
