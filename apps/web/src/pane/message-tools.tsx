import type { MessageRowView } from '@everywire/chat-client';
import { EllipsisVertical, Reply } from 'lucide-react';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { Icon } from '../design/icon.js';
import { placeOf } from '../design/menu-place.js';
import { useWords } from '../i18n/words.js';
import type { ItemActions } from './use-item-actions.js';
import type { useMessageMenu } from './use-message-menu.js';
import './message-tools.css';

const messageMenu = lazyComponent(() => import('./message-menu.js').then((module) => module.MessageMenu));

interface MessageToolsProps {
  readonly row: MessageRowView;
  readonly actions: ItemActions;
  readonly menu: ReturnType<typeof useMessageMenu>;
}

/** Renders the reply and menu buttons next to a hovered or focused message. */
export function MessageTools({ row, actions, menu }: MessageToolsProps) {
  const words = useWords().messages;
  const { onReply } = actions;
  return (
    <>
      {menu.near && (
        <div className="tools">
          {onReply !== null && (
            <button type="button" aria-label={words.reply} title={words.reply} onClick={() => onReply(row)}>
              <Icon of={Reply} size={16} />
            </button>
          )}
          <button
            type="button"
            aria-label={words.moreActs}
            title={words.moreActs}
            aria-haspopup="menu"
            aria-expanded={menu.place !== null}
            onClick={({ currentTarget }) => {
              // The focus returns to the message, because this button may be gone after the action.
              menu.open(placeOf(currentTarget, currentTarget.closest<HTMLElement>('[data-key]') ?? currentTarget));
            }}
          >
            <Icon of={EllipsisVertical} size={16} />
          </button>
        </div>
      )}
      {menu.place !== null && (
        <LazyPart of={messageMenu} props={{ row, actions, place: menu.place, onClose: menu.close }} />
      )}
    </>
  );
}
