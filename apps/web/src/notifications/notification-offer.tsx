import { Bell } from 'lucide-react';
import { Icon } from '../design/icon.js';
import { usePreferences } from '../design/preferences.js';
import { useNotificationWords } from './notification-words.js';
import { requestPermission, useNotificationState } from './permission.js';
import './notification-offer.css';

/**
 * Renders an offer to turn on notifications, after a message arrived that would have notified. The browser's prompt opens only after a
 * press.
 */
export function NotificationOffer() {
  const words = useNotificationWords();
  const state = useNotificationState();
  const [{ notifications, notificationOffer }, change] = usePreferences();
  if (!notifications || notificationOffer !== 'due' || state !== 'default') return null;
  return (
    <section className="notification-offer" aria-label={words.section}>
      <Icon of={Bell} size={16} />
      <p>{words.offer}</p>
      <div className="notification-offer-acts">
        <button type="button" className="text-button" onClick={() => void requestPermission()}>
          {words.turnOn}
        </button>
        <button type="button" className="text-button" onClick={() => change({ notificationOffer: 'declined' })}>
          {words.notNow}
        </button>
      </div>
    </section>
  );
}
