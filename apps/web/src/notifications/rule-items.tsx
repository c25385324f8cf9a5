import { type NotificationRule, notificationRules } from '@everywire/chat';
import type { ConversationEntry } from '@everywire/chat-client';
import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { Icon } from '../design/icon.js';
import { useNotificationWords } from './notification-words.js';
import { silenceOf } from './silent.js';
import './rule-items.css';

interface RuleItemsProps {
  readonly entry: ConversationEntry;
  readonly disabled: boolean;
  readonly onRule: (rule: NotificationRule) => void;
}

/** Renders the menu items that select which messages of a conversation notify. Muting and archiving override the choice. */
export function RuleItems({ entry, disabled, onRule }: RuleItemsProps) {
  const words = useNotificationWords();
  // Read once when the menu opens, because it is open for seconds only.
  const [silence] = useState(() => silenceOf({ ...entry, notify: 'all' }, Date.now()));
  const hints = { muted: words.whileMuted, archived: words.whileArchived, none: '' };
  return (
    <DropdownMenu.RadioGroup
      value={entry.notify}
      onValueChange={(next) => {
        const rule = notificationRules.find((candidate) => candidate === next);
        if (rule !== undefined && rule !== entry.notify) onRule(rule);
      }}
    >
      <DropdownMenu.Label className="menu-label">
        {words.notifyOf}
        {silence !== null && <small>{hints[silence]}</small>}
      </DropdownMenu.Label>
      {notificationRules.map((rule) => (
        <DropdownMenu.RadioItem key={rule} value={rule} className="menu-item menu-radio" disabled={disabled}>
          <span className="menu-radio-mark">
            <DropdownMenu.ItemIndicator>
              <Icon of={Check} size={16} />
            </DropdownMenu.ItemIndicator>
          </span>
          {words.rules[rule]}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}
