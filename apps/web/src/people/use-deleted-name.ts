import { useClient } from '@everywire/chat-react';
import { useEffect } from 'react';
import { type Language, usePreferences } from '../design/preferences.js';

const names: Record<Language, string> = { zh: '已注销用户', en: 'Deleted account' };

/** Sets the name shown for deleted accounts, in the page's language. */
export function useDeletedName(): void {
  const client = useClient();
  const [{ language }] = usePreferences();
  useEffect(() => client.nameDeleted(names[language]), [client, language]);
}
