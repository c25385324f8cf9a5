import { useChat } from '@everywire/chat-react';
import { EyeOff, KeyRound, Sun, User, UserPlus } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useWords } from '../i18n/words.js';
import { Dialog } from '../look/dialog.js';
import { Icon } from '../look/icon.js';
import { AccountSettings } from './account-settings.js';
import { AppearanceSettings } from './appearance-settings.js';
import { ConnectionSettings } from './connection-settings.js';
import { InvitationSettings } from './invitation-settings.js';
import { PrivacySettings } from './privacy-settings.js';
import { SecuritySettings } from './security-settings.js';
import './settings.css';
import './account-settings.css';

export type SettingsSection = 'account' | 'appearance' | 'connection';

interface SettingsDialogProps {
  readonly section: SettingsSection;
  readonly onClose: () => void;
}

export function SettingsDialog({ section, onClose }: SettingsDialogProps) {
  const words = useWords();
  const isGuest = useChat().me.guest === true;
  return (
    <Dialog title={words.settings} className="dialog-page dialog-settings" onClose={onClose}>
      <Tabs.Root className="settings" defaultValue={section} orientation="vertical">
        <Tabs.List ref={showChosen} className="settings-nav" aria-label={words.settings}>
          <Tabs.Trigger value="account">
            <Icon of={User} />
            {words.account}
          </Tabs.Trigger>
          <Tabs.Trigger value="security">
            <Icon of={KeyRound} />
            {words.security}
          </Tabs.Trigger>
          <Tabs.Trigger value="privacy">
            <Icon of={EyeOff} />
            {words.privacy}
          </Tabs.Trigger>
          {!isGuest && (
            <Tabs.Trigger value="invitations">
              <Icon of={UserPlus} />
              {words.invitations}
            </Tabs.Trigger>
          )}
          <Tabs.Trigger value="appearance">
            <Icon of={Sun} />
            {words.appearance}
          </Tabs.Trigger>
          <Tabs.Trigger value="connection">
            <ConnectionMark />
            {words.connection}
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content className="set" value="account">
          <AccountSettings />
        </Tabs.Content>
        <Tabs.Content className="set" value="security">
          <SecuritySettings />
        </Tabs.Content>
        <Tabs.Content className="set" value="privacy">
          <PrivacySettings />
        </Tabs.Content>
        <Tabs.Content className="set" value="invitations">
          <InvitationSettings />
        </Tabs.Content>
        <Tabs.Content className="set" value="appearance">
          <AppearanceSettings />
        </Tabs.Content>
        <Tabs.Content className="set" value="connection">
          <ConnectionSettings />
        </Tabs.Content>
      </Tabs.Root>
    </Dialog>
  );
}

/** Two ends and a line, among the other drawings of its size. */
function ConnectionMark() {
  return (
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      aria-hidden="true"
    >
      <circle cx="4.4" cy="10" r="1.6" />
      <circle cx="15.6" cy="10" r="1.6" />
      <path d="M6.2 10h7.6" />
    </svg>
  );
}

/** On a phone the sections are a row that is scrolled: the one that is open from the start may stand beyond its edge. */
function showChosen(list: HTMLElement | null): void {
  list?.querySelector('[data-state="active"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
