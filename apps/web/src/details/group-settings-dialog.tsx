import { checkEntryPermission } from '@everywire/chat';
import type { ConversationEntry, GroupSettings } from '@everywire/chat-client';
import { useClient } from '@everywire/chat-react';
import { useState } from 'react';
import { useBackgroundAction } from '../app/use-background-action.js';
import { ActionForm } from '../design/action-form.js';
import { Dialog } from '../design/dialog.js';
import { PictureForm } from '../design/picture-form.js';
import { Problem } from '../design/problem.js';
import { TextField } from '../design/text-field.js';
import { useWords } from '../i18n/words.js';
import type { Words } from '../i18n/zh.js';
import { Choice } from '../settings/option.js';
import { InviteLinks } from './invite-links.js';
import { mayManage } from './may-manage.js';
import '../settings/settings.css';
import '../settings/account-settings.css';
import './group-settings.css';

interface GroupSettingsDialogProps {
  readonly entry: ConversationEntry;
  readonly onClose: () => void;
}

/**
 * Renders the settings of a group or channel: picture, name, permissions, invite links. Permissions that the user may not change are shown
 * as text.
 */
export function GroupSettingsDialog({ entry, onClose }: GroupSettingsDialogProps) {
  const words = useWords();
  return (
    <Dialog title={titleOf(entry, words)} className="dialog-page dialog-group" onClose={onClose}>
      <div className="set">
        <PictureAndName entry={entry} />
        {checkEntryPermission('configure', entry) === null ? <Permissions entry={entry} /> : <Rules entry={entry} />}
        {checkEntryPermission('invite', entry) === null && <InviteLinks entry={entry} />}
      </div>
    </Dialog>
  );
}

/** Renders picture and name, with one save button if the user may change both. */
function PictureAndName({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  const client = useClient();
  const [name, setName] = useState(entry.title);
  const mayPicture = checkEntryPermission('setPicture', entry) === null;
  const mayRename = checkEntryPermission('rename', entry) === null;
  const valid = name.trim() !== '';
  const changed = name.trim() !== entry.title;
  const save = () => client.rename(entry.id, name.trim());
  const label = entry.kind === 'channel' ? words.channelName : words.groupName;
  const shown = <TextField label={label} value={name} onChange={setName} autoComplete="off" />;
  if (mayPicture) {
    return (
      <PictureForm
        of={{ id: entry.id, name: entry.title, kind: 'group' }}
        picture={entry.picture}
        title={mayRename ? words.avatarAndName : words.avatar}
        text={words.groupAvatarWords}
        set={(upload) => client.groups.setPicture(entry.id, upload)}
        remove={() => client.groups.setPicture(entry.id, null)}
        {...(mayRename ? { fields: { changed, valid, save, shown } } : {})}
      />
    );
  }
  if (!mayRename) return null;
  return (
    <ActionForm title={words.rename} button={words.save} ready={valid && changed} act={save}>
      {shown}
    </ActionForm>
  );
}

function titleOf(entry: ConversationEntry, words: Words): string {
  if (!mayManage(entry)) return words.rules;
  return entry.kind === 'channel' ? words.channelSettings : words.groupSettings;
}

/** Renders the permissions as text. */
function Rules({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  const { send, add, rename, join } = entry.settings;
  const who = { members: words.byMembers, admins: words.byAdmins };
  const joins = { invited: words.byInvitation, anyone: words.byAnyone };
  const rules = [
    [words.whoSends, who[send]],
    [words.whoAdds, who[add]],
    [words.whoRenames, who[rename]],
    [words.whoJoins, joins[join]],
  ] as const;
  return (
    <>
      <p className="hint">{words.onlyAdmins}</p>
      <dl className="rules">
        {rules.map(([rule, allowed]) => (
          <div key={rule}>
            <dt>{rule}</dt>
            <dd>{allowed}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Permissions({ entry }: { readonly entry: ConversationEntry }) {
  const words = useWords();
  const { groups } = useClient();
  const [problem, run] = useBackgroundAction();
  /** The last requested settings until the server answers. A request contains all settings, so the next change builds on them. */
  const [asked, setAsked] = useState<GroupSettings | null>(null);
  const settings = asked ?? entry.settings;
  const set = (change: Partial<GroupSettings>) => {
    const next = { ...settings, ...change };
    setAsked(next);
    run(groups.configure(entry.id, next).finally(() => setAsked((last) => (last === next ? null : last))));
  };
  const who = [
    ['members', words.byMembers],
    ['admins', words.byAdmins],
  ] as const;
  const joins = [
    ['invited', words.byInvitation],
    ['anyone', words.byAnyone],
  ] as const;
  return (
    <>
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
    </>
  );
}
