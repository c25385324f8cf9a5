import { checkEntryPermission } from '@everywire/chat';
import type { ConversationEntry, GroupSettings } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useState } from 'react';
import { useRun } from '../app/use-run.js';
import { useWords } from '../i18n/words.js';
import { ActForm } from '../look/act-form.js';
import { Dialog } from '../look/dialog.js';
import { PictureForm } from '../look/picture-form.js';
import { Problem } from '../look/problem.js';
import { TextField } from '../look/text-field.js';
import { Choice } from '../settings/option.js';
import { InviteLinks } from './invite-links.js';
import '../settings/settings.css';
import '../settings/account-settings.css';
import './group-settings.css';

interface GroupSettingsDialogProps {
  readonly entry: ConversationEntry;
  readonly onClose: () => void;
}

/** Picture, name, who may do what, invitation links. What one may not change is there to be read. */
export function GroupSettingsDialog({ entry, onClose }: GroupSettingsDialogProps) {
  const words = useWords();
  const client = useClient();
  const [name, setName] = useState(entry.title);
  const ofChannel = entry.kind === 'channel';
  const nameWords = ofChannel ? words.channelName : words.groupName;
  return (
    <Dialog
      title={ofChannel ? words.channelSettings : words.groupSettings}
      className="dialog-page dialog-group"
      onClose={onClose}
    >
      <div className="set">
        <fieldset className="permitted" disabled={checkEntryPermission('setPicture', entry) !== null}>
          <PictureForm
            of={{ id: entry.id, name: entry.title, kind: 'group' }}
            picture={entry.picture}
            text={words.groupAvatarWords}
            set={(upload) => client.groups.setPicture(entry.id, upload)}
            remove={() => client.groups.setPicture(entry.id, null)}
          />
        </fieldset>
        <fieldset className="permitted" disabled={checkEntryPermission('rename', entry) !== null}>
          <ActForm
            title={words.rename}
            button={words.save}
            ready={name.trim() !== '' && name.trim() !== entry.title}
            act={() => client.rename(entry.id, name.trim())}
          >
            <TextField label={nameWords} value={name} onChange={setName} autoComplete="off" />
          </ActForm>
        </fieldset>
        <Permissions entry={entry} />
        {checkEntryPermission('invite', entry) === null && <InviteLinks entry={entry} />}
      </div>
    </Dialog>
  );
}

function Permissions({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  const { groups } = useClient();
  const [problem, run] = useRun();
  const may = checkEntryPermission('configure', entry) === null;
  const { settings } = entry;
  const set = (change: Partial<GroupSettings>) => run(groups.configure(entry.id, { ...settings, ...change }));
  const who = [
    ['members', words.byMembers],
    ['admins', words.byAdmins],
  ] as const;
  const joins = [
    ['invited', words.byInvitation],
    ['anyone', words.byAnyone],
  ] as const;
  return (
    <fieldset className="permitted" disabled={!may}>
      {!may && <p className="hint">{words.onlyAdmins}</p>}
      <Choice
        title={words.whoSends}
        text={words.whoSendsWords}
        value={settings.send}
        choices={who}
        onChange={(send) => set({ send })}
      />
      <Choice title={words.whoAdds} text="" value={settings.add} choices={who} onChange={(add) => set({ add })} />
      <Choice
        title={words.whoRenames}
        text=""
        value={settings.rename}
        choices={who}
        onChange={(rename) => set({ rename })}
      />
      <Choice
        title={words.whoJoins}
        text={words.whoJoinsWords}
        value={settings.join}
        choices={joins}
        onChange={(join) => set({ join })}
      />
      <Problem code={problem} />
    </fieldset>
  );
}
