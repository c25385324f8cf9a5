import type { ServerInfo } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { CopyButton } from '../app/copy-button.js';
import { LocalAddressHint } from '../app/local-address-hint.js';
import { peopleNames } from '../app/people-names.js';
import { usePreferences } from '../design/preferences.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { Bird } from './bird.js';
import { type Others, useOthers } from './use-others.js';
import './sign-in.css';

interface FirstRunProps {
  readonly backend: Backend;
  readonly onNewConversation: () => void;
  readonly onNewGroup: () => void;
  readonly onInvitations: () => void;
  /** Changes when a dialog opens or closes, because the settings may have changed who can register. */
  readonly round: unknown;
}

/** The maximum number of people named. */
const NAMES_MAX = 3;

/** Renders the pane before the first conversation: who is here, and the next steps. */
export function FirstRun({ backend, onNewConversation, onNewGroup, onInvitations, round }: FirstRunProps) {
  const words = useWords();
  const [{ language }] = usePreferences();
  const { me } = useChat();
  const others = useOthers();
  const registration = useRegistration(backend, round);
  const isGuest = me.guest === true;
  const othersHere = others.known && others.people.length > 0;
  return (
    <div className="first">
      <svg
        className="perch"
        viewBox="0 0 520 84"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
      >
        <path d="M0 44Q150 74 300 68T520 40" />
        <Bird x={128} y={59.4} scale={1.5} />
        {othersHere && <Bird x={168} y={63.2} scale={1.5} />}
      </svg>
      <h1>
        <Fill sentence={words.allSet} name={<bdi>{me.displayName}</bdi>} />
      </h1>
      <p>{isGuest ? words.guestWaits : othersHint(others, words)}</p>
      {!isGuest && (
        <ol className="steps">
          {othersHere && (
            <Step
              title={words.startTalk}
              hint={
                <Fill
                  sentence={words.startTalkHint}
                  people={peopleNames(others.people.slice(0, NAMES_MAX), language)}
                />
              }
            >
              <button type="button" className="button main" onClick={onNewConversation}>
                {words.newConversation}
              </button>
            </Step>
          )}
          {registration !== null && (
            <InviteStep registration={registration} onInvitations={onInvitations} isFirst={!othersHere} />
          )}
          <Step title={words.startGroup} hint={words.startGroupHint}>
            <button type="button" className="button" onClick={onNewGroup}>
              {words.newGroup}
            </button>
          </Step>
        </ol>
      )}
    </div>
  );
}

/** Returns nothing about other people until the server has answered. */
function othersHint(others: Others, words: ReturnType<typeof useWords>): string {
  if (!others.known) return '';
  return others.people.length === 0 ? words.noOneElse : words.someoneHere;
}

interface StepProps {
  readonly title: string;
  readonly hint: ReactNode;
  readonly children?: ReactNode;
}

function Step({ title, hint, children }: StepProps) {
  return (
    <li>
      <b className="step">{title}</b>
      <span className="about">{hint}</span>
      {children}
    </li>
  );
}

interface InviteStepProps {
  readonly registration: ServerInfo['registration'];
  readonly onInvitations: () => void;
  /** Whether this is the recommended next step. Only one button of the page is filled. */
  readonly isFirst: boolean;
}

/** Renders how new people get in: by the address, by an invitation, or only through the administrator. */
function InviteStep({ registration, onInvitations, isFirst }: InviteStepProps) {
  const words = useWords();
  if (registration === 'closed') return <Step title={words.inviteSomeone} hint={words.inviteHintClosed} />;
  if (registration === 'invitation') {
    return (
      <Step title={words.inviteSomeone} hint={words.inviteHintInvitation}>
        <button type="button" className="button" onClick={onInvitations}>
          {words.toInvitations}
        </button>
      </Step>
    );
  }
  return (
    <Step title={words.inviteSomeone} hint={<Fill sentence={words.inviteHint} address={<bdi>{location.host}</bdi>} />}>
      <CopyButton className={isFirst ? 'button main' : 'button'} text={() => location.origin}>
        {words.copyLink}
      </CopyButton>
      <LocalAddressHint link={location.origin} />
    </Step>
  );
}

/**
 * Loads who may register; `null` until the server has answered. Loads it again when `round` changes and when the page gets the focus,
 * because an administrator may have changed it.
 */
function useRegistration(backend: Backend, round: unknown): ServerInfo['registration'] | null {
  const [registration, setRegistration] = useState<ServerInfo['registration'] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each round loads again
  useEffect(() => {
    let dropped = false;
    const ask = () => {
      backend.place().then(
        (place) => {
          if (!dropped) setRegistration(place.registration);
        },
        // Without an answer the step is hidden, because its text might be wrong.
        () => undefined,
      );
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      dropped = true;
      document.removeEventListener('visibilitychange', ask);
    };
  }, [backend, round]);
  return registration;
}
