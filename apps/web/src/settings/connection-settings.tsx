import { useChat, useClient } from '@everywire/chat-react';
import type { TransportName } from '@everywire/client';
import { RadioGroup } from 'radix-ui';
import { CopyButton } from '../app/copy-button.js';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { usePreferences } from '../design/preferences.js';
import { useWords } from '../i18n/words.js';
import { ConnectionFacts } from '../wire/connection-facts.js';
import { connectionReport } from '../wire/wire-report.js';
import { Choice } from './option.js';

/** The transports that work in current browsers under the page's content security policy, the best first. */
const transports: readonly TransportName[] = [
  ...(['websocket', 'fetch-stream', 'event-stream', 'xhr-stream', 'multipart-stream'] as const),
  ...(['long-poll', 'short-poll'] as const),
];

const examination = lazyComponent(() => import('../wire/examination.js').then((module) => module.Examination));

/** Renders the transport in use and its reason, with a choice to force one. */
export function ConnectionSettings() {
  const words = useWords();
  const client = useClient();
  const status = useChat().connection;
  const [preferences, change] = usePreferences();
  const choose = (name: string) => {
    const transport = transports.find((candidate) => candidate === name) ?? null;
    change({ transport });
    // biome-ignore lint/correctness/useHookAtTopLevel: a method of the chat client, not a hook
    client.useTransport(transport);
  };
  return (
    <>
      <h3>{words.connection}</h3>
      <ConnectionFacts status={status} />
      <p className="row set-row">
        <button type="button" className="button" onClick={() => client.retryNow()}>
          {words.tryNow}
        </button>
        <CopyButton className="text-button" text={() => connectionReport(status, preferences.transport, Date.now())}>
          {words.copyReport}
        </CopyButton>
      </p>
      <LazyPart of={examination} props={{ url: '/everywire' }} />
      <div className="opt opt-tall">
        <b id="transport-title">{words.transportChoice}</b>
        <p>{words.transportChoiceWords}</p>
        <RadioGroup.Root
          className="radios"
          aria-labelledby="transport-title"
          value={preferences.transport ?? 'automatic'}
          onValueChange={choose}
        >
          {(['automatic', ...transports] as const).map((name) => (
            <RadioGroup.Item key={name} value={name} className="radio">
              <span className="radio-mark">
                <RadioGroup.Indicator className="radio-dot" />
              </span>
              {name === 'automatic' ? words.automatic : words.transports[name]}
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
      </div>
      <Choice
        title={words.connectionWords}
        text={words.connectionWordsHint}
        value={preferences.connectionWords}
        choices={[
          ['needed', words.whenNeeded],
          ['always', words.always],
        ]}
        onChange={(connectionWords) => change({ connectionWords })}
      />
    </>
  );
}
