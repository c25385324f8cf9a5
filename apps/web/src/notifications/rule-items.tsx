import { type NotificationRule, notificationRules } from '@everywire/chat';
import type { ConversationEntry } from '@everywire/chat-client';
import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';
import { Icon } from '../look/icon.js';
import { useNotificationWords } from './notification-words.js';
import { silenceOf } from './silent.js';
import './rule-items.css';

interface RuleItemsProps {
  readonly entry: ConversationEntry;
  readonly disabled: boolean;
  readonly onRule: (rule: NotificationRule) => void;
}

/** In the menu of a conversation: which of its messages notify. One of the three is chosen; muting and the archive silence all. */
export function RuleItems({ entry, disabled, onRule }: RuleItemsProps) {
  const words = useNotificationWords();
  // Read as the menu opens: it is open for seconds.
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
