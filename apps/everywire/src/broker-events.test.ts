import { expect, test } from 'vitest';
import { createBrokerEvents } from './broker-events.js';

/** Creates the events, and collects the codes of the lines that they log. */
function logged() {
  const codes: string[] = [];
  const note = (line: string): void => void codes.push(line.slice(0, line.indexOf(':')));
  return { codes, events: createBrokerEvents({ debug: note, info: note, warn: note, error: note }) };
}

test('a server that is gone is reported at each outage, and not when another one returns', () => {
  const { codes, events } = logged();
  for (const count of [1, 0, 1, 2, 1, 0]) events.onGone(count);
  expect(codes).toEqual(['server_gone', 'server_gone', 'server_gone']);
});

test('a lost broker, its return and refused messages are reported with their codes', () => {
  const { codes, events } = logged();
  events.onContact(false, new Error('reset'));
  events.onContact(true, null);
  events.onRefused(1);
  expect(codes).toEqual(['broker_lost', 'broker_lost_over', 'frames_refused']);
});
