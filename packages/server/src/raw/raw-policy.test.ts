import { expect, it } from 'vitest';
import type { PolicyAnswer } from '../sessions/policy.js';
import type { RawLink, RawLinkRequest } from './raw-link.js';
import { applyRawPolicy } from './raw-policy.js';

// Tests the policy (permissions) of raw links: plain `WebSocket` or `EventSource` connections without the library's
// client. It limits the topics that the application grants and the messages that it gets.

const request = { topics: [] } as unknown as RawLinkRequest;
const link = { open: true } as RawLink;

it.each<[string, (answer: PolicyAnswer) => PolicyAnswer | Promise<PolicyAnswer>]>([
  ['immediately', (answer) => answer],
  ['later', (answer) => Promise.resolve(answer)],
])('a policy that answers %s removes only the refused topics from a raw link', async (_, answerBy) => {
  const { onRawLink } = applyRawPolicy({ onRawLink: () => ['first', 'forbidden', 'last'] }, (subject, action) => {
    expect(subject).toBe(request);
    return answerBy(action.kind === 'join' && action.topic !== 'forbidden' ? true : 'not_yours');
  });
  expect(await onRawLink?.(request)).toEqual(['first', 'last']);
});

it.each([[null], [[]]])(
  'a policy grants no topic to a raw link that the application refused with %j',
  async (granted) => {
    const { onRawLink } = applyRawPolicy({ onRawLink: () => granted }, () => true);
    expect(await onRawLink?.(request)).toEqual([]);
  },
);

it('a policy drops each raw message that it refuses and passes the next one on', async () => {
  const passed: unknown[] = [];
  const { onRawMessage } = applyRawPolicy({ onRawMessage: (_, data) => void passed.push(data) }, (_, action) => {
    const { data } = action as { readonly data: string };
    const answer = data.startsWith('good') ? true : 'refused';
    return data.endsWith('later') ? Promise.resolve(answer) : answer;
  });
  for (const data of ['bad', 'good', 'bad later', 'good later']) await onRawMessage?.(link, data);
  expect(passed).toEqual(['good', 'good later']);
});
