import { expect, it } from 'vitest';
import type { PolicyAnswer } from '../sessions/policy.js';
import type { RawLink, RawLinkRequest } from './raw-link.js';
import { policeRaw } from './raw-policy.js';

const request = { topics: [] } as unknown as RawLinkRequest;
const link = {} as RawLink;

it.each<[string, (answer: PolicyAnswer) => PolicyAnswer | Promise<PolicyAnswer>]>([
  ['at once', (answer) => answer],
  ['later', (answer) => Promise.resolve(answer)],
])('a policy that answers %s takes from a raw link the topics it refuses, and no others', async (_, given) => {
  const { onRawLink } = policeRaw({ onRawLink: () => ['first', 'forbidden', 'last'] }, (subject, action) => {
    expect(subject).toBe(request);
    return given(action.kind === 'join' && action.topic !== 'forbidden' ? true : 'not_yours');
  });
  expect(await onRawLink?.(request)).toEqual(['first', 'last']);
});

it.each([[null], [[]]])(
  'a policy gives no topic to a raw link that the application refused with %j',
  async (granted) => {
    const { onRawLink } = policeRaw({ onRawLink: () => granted }, () => true);
    expect(await onRawLink?.(request)).toEqual([]);
  },
);

it('a policy keeps each message that it refuses from the application, and lets the next one through', async () => {
  const heard: unknown[] = [];
  const { onRawMessage } = policeRaw({ onRawMessage: (_, data) => void heard.push(data) }, (_, action) => {
    const { data } = action as { readonly data: string };
    const answer = data.startsWith('good') ? true : 'refused';
    return data.endsWith('later') ? Promise.resolve(answer) : answer;
  });
  for (const data of ['bad', 'good', 'bad later', 'good later']) await onRawMessage?.(link, data);
  expect(heard).toEqual(['good', 'good later']);
});
