import type { ServerInfo } from '@everywire/chat-client';
import { useChat } from '@everywire/chat-react';
import { useEffect, useState } from 'react';
import type { Backend } from '../app/backend.js';
import { CopyButton } from '../app/copy-button.js';
import { Fill } from '../i18n/fill.js';
import { useWords } from '../i18n/words.js';
import { Bird } from './bird.js';
import './sign-in.css';

interface FirstRunProps {
  readonly backend: Backend;
  readonly onNewGroup: () => void;
}

/** The pane before the first conversation: one bird, because you are alone, and what to do next. */
export function FirstRun({ backend, onNewGroup }: FirstRunProps) {
  const words = useWords();
  const { me } = useChat();
  const registration = useRegistration(backend);
  const address = location.host;
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
      </svg>
      <h1>
        <Fill sentence={words.wireIsUp} name={<bdi>{me.displayName}</bdi>} />
      </h1>
      <p>{words.nobodyElse}</p>
      <ol className="steps">
        <li>
          <span className="n">1</span>
          <b className="step">{words.inviteSomeone}</b>
          <span className="about">
            <Fill
              sentence={registration === 'open' ? words.inviteHint : words.inviteHintClosed}
              address={<bdi>{address}</bdi>}
            />
          </span>
          <CopyButton className="button main" text={() => location.origin}>
            {words.copyLink}
          </CopyButton>
        </li>
        <li>
          <span className="n">2</span>
          <b className="step">{words.startGroup}</b>
          <span className="about">{words.startGroupHint}</span>
          <button type="button" className="button" onClick={onNewGroup}>
            {words.newGroup}
          </button>
        </li>
      </ol>
    </div>
  );
}

function useRegistration(backend: Backend): ServerInfo['registration'] {
  const [registration, setRegistration] = useState<ServerInfo['registration']>('open');
  useEffect(() => {
    let dropped = false;
    backend.place().then(
      (place) => {
        if (!dropped) setRegistration(place.registration);
      },
      // Unanswered, the link is right all the same.
      () => undefined,
    );
    return () => {
      dropped = true;
    };
  }, [backend]);
  return registration;
}
