// @vitest-environment happy-dom
import type { Status } from '@everywire/client';
import { expect, test } from 'vitest';
import { changePreferences } from '../design/preferences.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { ConnectionFacts } from './connection-facts.js';
import { connectionReport } from './wire-report.js';

/** Returns today at this time. */
const at = (hours: number, minutes: number) => new Date().setHours(hours, minutes, 0, 0);

const status: Status = {
  state: 'open',
  transport: 'long-poll',
  roundTripMs: 180,
  measuredAt: at(9, 5),
  attempts: [{ transport: 'websocket', reason: 'refused', at: at(8, 59) }],
};

/** Returns the first two facts that are shown for this status. */
function facts(of: Status): readonly (string | null)[] {
  changePreferences({ language: 'en' });
  const { container } = renderInPage(<ConnectionFacts status={of} />);
  return [...container.querySelectorAll('dd')].slice(0, 2).map((fact) => fact.textContent);
}

test('each result is shown with its time, so that an old one is not mistaken for a current one', () => {
  expect(facts(status)).toEqual(['Long polling, 180 ms at 09:05', 'WebSocket (refused, 08:59)']);
});

test('a value that was not measured has no time', () => {
  const { measuredAt: _, ...unmeasured } = { measuredAt: 0, ...status };
  expect(facts(unmeasured as Status)[0]).toBe('Long polling, 180 ms');
  expect(facts({ ...(unmeasured as Extract<Status, { state: 'open' }>), roundTripMs: null })[0]).toBe('Long polling');
});

test('the report contains the time of the measurement', () => {
  expect(connectionReport(status, null, at(9, 30))).toContain(
    `round trip: 180 ms, measured at ${new Date(at(9, 5)).toISOString()}`,
  );
});
