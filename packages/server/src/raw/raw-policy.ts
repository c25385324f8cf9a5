import { isThenable } from '@everywire/protocol/internal';
import type { Policy } from '../sessions/policy.js';
import type { WireServerOptions } from '../wire-server.js';

type RawHooks = Pick<WireServerOptions, 'onRawLink' | 'onRawMessage'>;

/** Wraps the application's hooks for raw links with its policy, which decides on each topic and each message. */
export function applyRawPolicy({ onRawLink, onRawMessage }: RawHooks, policy: Policy | undefined): RawHooks {
  if (policy === undefined) return { ...(onRawLink && { onRawLink }), ...(onRawMessage && { onRawMessage }) };
  return {
    ...(onRawLink && {
      onRawLink: async (request) => {
        const granted = (await onRawLink(request)) ?? [];
        const answers = await Promise.all(granted.map((topic) => policy(request, { kind: 'join', topic })));
        return granted.filter((_topic, at) => answers[at] === true);
      },
    }),
    ...(onRawMessage && {
      // A refused message is dropped. The client cannot be notified, because a raw link carries nothing but messages.
      onRawMessage: (link, data) => {
        const answer = policy(link, { kind: 'message', data });
        if (!isThenable(answer)) return answer === true ? onRawMessage(link, data) : undefined;
        return answer.then((late) => (late === true && link.open ? onRawMessage(link, data) : undefined));
      },
    }),
  };
}
