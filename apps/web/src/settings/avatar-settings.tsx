import type { Person } from '@everywire/chat-client';
import { useAccount } from '../app/account-context.js';
import { useWords } from '../i18n/words.js';
import { PictureForm } from '../look/picture-form.js';

interface AvatarSettingsProps {
  readonly me: Person;
  readonly onChanged: () => void;
}

/** The picture beside one's own name. */
export function AvatarSettings({ me, onChanged }: AvatarSettingsProps) {
  const words = useWords();
  const account = useAccount();
  const change = async (act: Promise<unknown>) => {
    await act;
    onChanged();
  };
  return (
    <PictureForm
      of={{ id: me.id, name: me.displayName, kind: 'person' }}
      picture={me.avatar}
      text={words.avatarWords}
      set={({ id }) => change(account.setAvatar(id))}
      remove={() => change(account.removeAvatar())}
    />
  );
}
