import { usePreferences } from '../design/preferences.js';
import { type NotificationWords, notificationWordsOf } from './notification-catalogues.js';

/** Returns the notification texts in the page's language. */
export function useNotificationWords(): NotificationWords {
  const [{ language }] = usePreferences();
  return notificationWordsOf(language);
}
