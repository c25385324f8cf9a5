import { useChat } from '@everywire/chat-react';
import { useEffect, useState } from 'react';
import { usePreferences } from '../design/preferences.js';
import { scriptOf } from '../i18n/script-of.js';
import { useNow } from '../i18n/use-now.js';
import { OnOff } from '../settings/option.js';
import { useNotificationWords } from './notification-words.js';
import { requestPermission, showNotification, useNotificationState } from './permission.js';
import { silenceOf } from './silent.js';
import './notification-settings.css';

/** The maximum number of silent conversations listed. */
const SILENT_MAX = 8;

/** Renders the notification settings of this device and their current effect. */
export function NotificationSettings() {
  const words = useNotificationWords();
  const [preferences, change] = usePreferences();
  return (
    <>
      <h3>{words.section}</h3>
      <StateOption />
      <OnOff
        title={words.onThisDevice}
        text={words.onThisDeviceWords}
        value={preferences.notifications}
        onChange={(notifications) => change({ notifications })}
      />
      <OnOff
        title={words.showText}
        text={words.showTextWords}
        value={preferences.notificationText}
        onChange={(notificationText) => change({ notificationText })}
      />
      <OnOff
        title={words.sound}
        text={words.soundWords}
        value={preferences.notificationSound}
        onChange={(notificationSound) => change({ notificationSound })}
      />
      <SilentConversations />
    </>
  );
}

/** Renders whether notifications are shown, and how to turn them on. */
function StateOption() {
  const words = useNotificationWords();
  const state = useNotificationState();
  const [{ notifications }] = usePreferences();
  const comes = state === 'granted' && notifications;
  return (
    <>
      <section className="opt" aria-label={words.section}>
        <b>{words.status}</b>
        <div className="notification-status">
          <p role="status">{notifications ? words.states[state] : words.off}</p>
          {comes && <p>{words.doNotDisturb}</p>}
        </div>
        {state === 'default' && notifications ? (
          <button type="button" className="button" onClick={() => void requestPermission()}>
            {words.turnOn}
          </button>
        ) : (
          <span />
        )}
      </section>
      {comes && <TestOption />}
    </>
  );
}

function TestOption() {
  const words = useNotificationWords();
  const [{ notificationText }] = usePreferences();
  const [result, setResult] = useState<'none' | 'shown' | 'failed'>('none');
  const [test, setTest] = useState<Notification | null>(null);
  useEffect(() => () => test?.close(), [test]);
  const send = () => {
    const body = notificationText ? words.testBody : words.messagesWaiting(1);
    const shown = showNotification(words.testTitle, { body, tag: 'everywire-test' });
    setTest(shown);
    setResult(shown === null ? 'failed' : 'none');
    shown?.addEventListener('show', () => setResult('shown'));
    shown?.addEventListener('error', () => setResult('failed'));
  };
  const results = { none: words.testWords, shown: words.testShown, failed: words.testFailed };
  return (
    <section className="opt" aria-label={words.test}>
      <b>{words.test}</b>
      <p role="status">{results[result]}</p>
      <button type="button" className="button" onClick={send}>
        {words.test}
      </button>
    </section>
  );
}

/** Renders the conversations that currently do not notify, each with the reason. */
function SilentConversations() {
  const words = useNotificationWords();
  const { conversations } = useChat();
  const now = useNow(60_000);
  const silent = conversations.flatMap((entry) => {
    const silence = entry.member && entry.kind !== 'notes' ? silenceOf(entry, now) : null;
    return silence === null ? [] : [{ entry, silence }];
  });
  if (silent.length === 0) return null;
  return (
    <section className="opt opt-form" aria-label={words.silentTitle}>
      <b>{words.silentTitle}</b>
      <p>{words.silentWords}</p>
      <div className="fields">
        <ul className="listed">
          {silent.slice(0, SILENT_MAX).map(({ entry, silence }) => (
            <li key={entry.id}>
              <span>
                <b dir="auto" lang={scriptOf(entry.title)}>
                  {entry.title}
                </b>
                <small>{words.silentBecause[silence]}</small>
              </span>
            </li>
          ))}
        </ul>
        {silent.length > SILENT_MAX && <p>{words.more(silent.length - SILENT_MAX)}</p>}
      </div>
    </section>
  );
}
