import { useChat, useClient } from '@everywire/chat-react';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { CopyButton } from '../app/copy-button.js';
import { useLayer } from '../app/use-layer.js';
import { usePreferences } from '../design/preferences.js';
import { useWords } from '../i18n/words.js';
import { ConnectionFacts } from './connection-facts.js';
import { connectionReport } from './wire-report.js';
import { roundTripSeconds } from './wire-view.js';

/**
 * Renders the "Why?" button of the connection row and its popover: the transport, the failures, the next attempt, and what the user can do.
 */
export function WhyPopover() {
  const words = useWords();
  const client = useClient();
  const status = useChat().connection;
  const [{ transport: forced }] = usePreferences();
  const [open, setOpen] = useState(false);
  useLayer(() => setOpen(false), open);
  const roundTripMs = status.state === 'open' ? (status.roundTripMs ?? 0) : 0;
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger className="text-button">{words.why}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className="why" side="top" sideOffset={10} collisionPadding={12} aria-labelledby="why-title">
          <h3 id="why-title">{words.whySlow}</h3>
          <p>{forced === null ? words.whySlowWords(roundTripSeconds(roundTripMs)) : words.whyForcedWords}</p>
          <ConnectionFacts status={status} />
          <p className="row">
            <button type="button" className="button" onClick={() => client.retryNow()}>
              {words.tryNow}
            </button>
            <CopyButton className="text-button" text={() => connectionReport(status, forced, Date.now())}>
              {words.copyReport}
            </CopyButton>
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
