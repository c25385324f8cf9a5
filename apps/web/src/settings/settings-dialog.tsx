import { useChat } from '@everywire/chat-react';
import { Bell, ChevronLeft, EyeOff, KeyRound, Sun, User, UserPlus, Users } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useCallback, useEffect, useRef, useState } from 'react';
import { usePeopleWords } from '../administration/people-words.js';
import { useAccount } from '../app/account-context.js';
import type { Backend } from '../app/backend.js';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { useLayer } from '../app/use-layer.js';
import { useServerValue } from '../app/use-server-value.js';
import { Dialog } from '../design/dialog.js';
import { Icon } from '../design/icon.js';
import { useMedia } from '../design/use-media.js';
import { useWords } from '../i18n/words.js';
import { NotificationSettings } from '../notifications/notification-settings.js';
import { useNotificationWords } from '../notifications/notification-words.js';
import { AccountSettings } from './account-settings.js';
import { AppearanceSettings } from './appearance-settings.js';
import { ConnectionSettings } from './connection-settings.js';
import { InvitationSettings } from './invitation-settings.js';
import { PrivacySettings } from './privacy-settings.js';
import { SecuritySettings } from './security-settings.js';
import './settings.css';
import './account-settings.css';

/** A section of the settings that can be opened directly. */
export type SettingsSection = 'account' | 'appearance' | 'connection' | 'invitations';

/** For administrators only, so it is loaded on demand. */
const peopleSettings = lazyComponent(() =>
  import('../administration/people-settings.js').then((module) => module.PeopleSettings),
);
const noProps = {};

interface SettingsDialogProps {
  readonly backend: Backend;
  /** `null` opens the appearance section on a wide screen and the list of sections on a phone. */
  readonly section: SettingsSection | null;
  readonly onClose: () => void;
}

/** Renders the settings with one tab for each section. */
export function SettingsDialog({ backend, section, onClose }: SettingsDialogProps) {
  const words = useWords();
  const isGuest = useChat().me.guest === true;
  const { people } = usePeopleWords();
  const { section: notifications } = useNotificationWords();
  const account = useAccount();
  const own = useServerValue(useCallback(() => account.read(), [account]));
  const { chosen, choose, isPhone, isLeft, toList, list } = useSection(section);
  const isAdministrator = own.value?.role === 'administrator';
  return (
    <Dialog title={words.settings} className="dialog-page dialog-settings" onClose={onClose}>
      {isLeft && (
        <button
          type="button"
          className="icon settings-back"
          aria-label={words.settings}
          onClick={toList}
          // The pressed tab is hidden.
          // biome-ignore lint/a11y/noAutofocus: the user opened it
          autoFocus
        >
          <Icon of={ChevronLeft} />
        </button>
      )}
      <Tabs.Root
        className={isLeft ? 'settings in-section' : 'settings'}
        value={chosen}
        onValueChange={choose}
        // On a phone the arrow keys move along the list without opening a section.
        activationMode={isPhone ? 'manual' : 'automatic'}
        orientation="vertical"
      >
        <Tabs.List ref={list} className="settings-nav" aria-label={words.settings}>
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
          {isAdministrator && (
            <Tabs.Trigger value="people">
              <Icon of={Users} />
              {people}
            </Tabs.Trigger>
          )}
          <Tabs.Trigger value="appearance">
            <Icon of={Sun} />
            {words.appearance}
          </Tabs.Trigger>
          <Tabs.Trigger value="notifications">
            <Icon of={Bell} />
            {notifications}
          </Tabs.Trigger>
          <Tabs.Trigger value="connection">
            <ConnectionMark />
            {words.connection}
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content className="set" value="account">
          <AccountSettings backend={backend} />
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
        {isAdministrator && (
          <Tabs.Content className="set" value="people">
            <LazyPart of={peopleSettings} props={noProps} />
          </Tabs.Content>
        )}
        <Tabs.Content className="set" value="appearance">
          <AppearanceSettings />
        </Tabs.Content>
        <Tabs.Content className="set" value="notifications">
          <NotificationSettings />
        </Tabs.Content>
        <Tabs.Content className="set" value="connection">
          <ConnectionSettings />
        </Tabs.Content>
      </Tabs.Root>
    </Dialog>
  );
}

/** Renders the connection icon in the size of the other icons. */
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

/** Manages the open section. On a phone it covers the list of sections, and Back returns to the list. */
function useSection(first: SettingsSection | null) {
  const isPhone = useMedia('(max-width: 720px)');
  const [section, setSection] = useState<string | null>(first);
  const list = useRef<HTMLDivElement>(null);
  const last = useRef<string | null>(null);
  const isLeft = isPhone && section !== null;
  const toList = () => setSection(null);
  useLayer(toList, isLeft);
  useEffect(() => {
    // Back in the list, the focus returns to the section that was open.
    if (section === null) list.current?.querySelector<HTMLElement>(`[id$="-trigger-${last.current}"]`)?.focus();
    last.current = section;
  }, [section]);
  const chosen = section ?? (isPhone ? '' : 'appearance');
  return { chosen, choose: setSection, isPhone, isLeft, toList, list };
}
