import { usePreferences } from '../look/preferences.js';
import { type NotificationWords, notificationWordsOf } from './notification-catalogues.js';

export function useNotificationWords(): NotificationWords {
  const [{ language }] = usePreferences();
  return notificationWordsOf(language);
}
