import type { AdministeredPerson } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useAttempt } from '../app/use-attempt.js';
import { useServerValue } from '../app/use-server-value.js';
import { Avatar } from '../design/avatar.js';
import { Problem } from '../design/problem.js';
import { useDateTime } from '../i18n/use-date-time.js';
import { useWords } from '../i18n/words.js';
import { DeletePersonDialog } from './delete-person-dialog.js';
import { usePeopleWords } from './people-words.js';
import { ResetLink } from './reset-link.js';
import { RoleButton } from './role-button.js';
import { usePeopleAdministration } from './use-people-administration.js';

interface PersonItemProps {
  readonly person: AdministeredPerson;
  /** Called after an action with the person's new state (`null` if deleted) and a description of the action. */
  readonly onChange: (person: AdministeredPerson | null, done: string) => void;
}

/** Renders one account. Its actions are shown when it is expanded. */
export function PersonItem({ person, onChange }: PersonItemProps) {
  const words = usePeopleWords();
  const dateTime = useDateTime();
  const isSelf = useChat().me.id === person.id;
  const [open, setOpen] = useState(false);
  const { id, name, displayName, avatar, role, lastSeenAt } = person;
  const [isConnected, setConnected] = useConnected(person);
  const seen = lastSeenAt === null ? words.neverSeen : words.lastSeen(dateTime(lastSeenAt));
  const facts = [words.role[role], isConnected ? words.connected : seen];
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Avatar id={id} name={displayName} kind="person" picture={avatar} size="person" />
          <span className="administered-names">
            <b dir="auto">{displayName}</b>
            <small>
              @<bdi>{name}</bdi> · {facts.join(' · ')}
            </small>
          </span>
          {person.state === 'suspended' && <em className="state">{words.suspended}</em>}
          {isSelf && <em className="state">{words.you}</em>}
        </summary>
        {open && (
          <div className="administered-acts">
            <Devices key={`${person.devices} ${person.state}`} person={person} onConnected={setConnected} />
            {!isSelf && <PersonActs person={person} onChange={onChange} />}
          </div>
        )}
      </details>
    </li>
  );
}

/** Returns whether the person is connected, and a setter for when the devices were loaded, which is more recent than the list. */
function useConnected(person: AdministeredPerson): readonly [boolean, (connected: boolean) => void] {
  const [known, setKnown] = useState<{ readonly of: AdministeredPerson; readonly connected: boolean } | null>(null);
  const setConnected = useCallback((connected: boolean) => setKnown({ of: person, connected }), [person]);
  return [known?.of === person ? known.connected : person.connected, setConnected];
}

function PersonActs({ person, onChange }: PersonItemProps) {
  const words = usePeopleWords();
  const people = usePeopleAdministration();
  const { busy, problem, attempt } = useAttempt();
  const [deleting, setDeleting] = useState(false);
  const opener = useRef<HTMLButtonElement | null>(null);
  const { id, displayName, state } = person;
  const suspend = async () => {
    onChange(await people.suspend(id), words.suspendedNow(displayName));
  };
  const reactivate = async () => {
    onChange(await people.reactivate(id), words.reactivatedNow(displayName));
  };
  const signOut = async () => {
    await people.signOut(id);
    onChange({ ...person, devices: 0, connected: false }, words.signedOutNow(displayName));
  };
  const remove = async (texts: 'keep' | 'remove') => {
    await people.delete(id, texts);
    onChange(null, words.deletedNow(displayName));
  };
  const suspended = state === 'suspended';
  return (
    <>
      <p>{suspended ? words.suspendedHint : words.suspendHint}</p>
      <div className="administered-buttons">
        {suspended ? (
          <button type="button" className="button" disabled={busy} onClick={() => void attempt(reactivate)}>
            {words.reactivate}
          </button>
        ) : (
          <>
            <button type="button" className="button" disabled={busy} onClick={() => void attempt(suspend)}>
              {words.suspend}
            </button>
            <button type="button" className="button" disabled={busy} onClick={() => void attempt(signOut)}>
              {words.signOut}
            </button>
          </>
        )}
        <RoleButton person={person} onChange={onChange} />
        <button type="button" className="button danger" disabled={busy} onClick={() => setDeleting(true)} ref={opener}>
          {words.remove}
        </button>
      </div>
      <Problem code={problem} />
      <ResetLink person={person} />
      {deleting && (
        <DeletePersonDialog
          name={displayName}
          onDelete={remove}
          onClose={() => setDeleting(false)}
          onFocusBack={() => focusAfterDialog(opener.current)}
        />
      )}
    </>
  );
}

/** Returns the focus to the opener, or to the search field if the account was removed together with its button. */
function focusAfterDialog(opener: HTMLElement | null): boolean {
  const target = opener ?? document.querySelector<HTMLElement>('.dialog .find input');
  target?.focus();
  return target !== null;
}

interface DevicesProps {
  readonly person: AdministeredPerson;
  readonly onConnected: (connected: boolean) => void;
}

function Devices({ person: { id, displayName }, onConnected }: DevicesProps) {
  const words = usePeopleWords();
  const { deviceNow, deviceRest, deviceUnnamed, deviceUsed, transports } = useWords();
  const dateTime = useDateTime();
  const people = usePeopleAdministration();
  const ask = useCallback(() => people.devices(id), [people, id]);
  const { value, problem } = useServerValue(ask);
  useEffect(() => {
    if (value !== null) onConnected(value.some(({ connected }) => connected));
  }, [value, onConnected]);
  const names: Readonly<Record<string, string>> = { ...transports, rest: deviceRest };
  return (
    <>
      {value?.length === 0 && <p>{words.noDevices}</p>}
      <ul className="listed" aria-label={words.devicesOf(displayName)}>
        {value?.map((device) => {
          const transport = names[device.transport] ?? device.transport;
          return (
            <li key={device.id}>
              <span>
                <b dir="auto">{device.label === '' ? deviceUnnamed : device.label}</b>
                <small>
                  {device.connected ? deviceNow(transport) : deviceUsed(dateTime(device.usedAt), transport)}
                </small>
              </span>
            </li>
          );
        })}
      </ul>
      <Problem code={problem} />
    </>
  );
}
