import type { Message, OpenRecord, ServerLink } from '@everywire/protocol/internal';
import type { ServerLimits } from './limits.js';
import type { LinkFacts } from './link-host.js';
import { createDeadline, type TickWheel } from './tick-wheel.js';
import type { WireServerOptions } from './wire-server.js';
import type { Claims } from './wire-session.js';

export interface AuthenticationOptions {
  readonly authenticate: WireServerOptions['authenticate'];
  readonly limits: Pick<ServerLimits, 'authenticateMs' | 'authenticationsMax' | 'sessionsMax'>;
  readonly wheel: TickWheel;
  readonly now: () => number;
  readonly sessionCount: () => number;
  readonly isClosing: () => boolean;
  readonly onNotice: (code: string, text: string) => void;
  /** Answers on the link, with a new session or with the one this nonce already has. */
  readonly admit: (link: ServerLink, record: OpenRecord, messages: readonly Message[], claims: Claims) => void;
}

/** Asks the application who opens a session, once per nonce at a time, and never for longer than it may take. */
export interface Authentication {
  open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void;
}

const ANYONE: Claims = { subject: '' };

export function createAuthentication(options: AuthenticationOptions): Authentication {
  const { limits, wheel, now, onNotice, admit } = options;
  /** Two carriers that race with one nonce are one session, and so one question (SN-14). */
  const pending = new Map<string, Promise<Claims | null>>();

  function open(link: ServerLink, record: OpenRecord, messages: readonly Message[], facts: LinkFacts): void {
    if (options.isClosing()) {
      refuse(link, 'closing');
      return;
    }
    if (options.sessionCount() >= limits.sessionsMax) {
      onNotice('busy', `limits.sessionsMax (${limits.sessionsMax}) sessions are alive; new ones are refused.`);
      refuse(link, 'busy');
      return;
    }
    const claims = ask(record, facts);
    if (!(claims instanceof Promise)) {
      conclude(link, record, messages, claims);
      return;
    }
    claims.then(
      (known) => conclude(link, record, messages, known),
      (error: unknown) => {
        onNotice('authenticate_failed', `authenticate: ${String(error)}`);
        refuse(link, 'busy');
      },
    );
  }

  function ask(record: OpenRecord, facts: LinkFacts): Promise<Claims | null> | Claims | null {
    if (options.authenticate === undefined) return ANYONE;
    const asked = pending.get(record.nonce);
    if (asked !== undefined) return asked;
    if (pending.size >= limits.authenticationsMax)
      return Promise.reject(new Error('limits.authenticationsMax reached'));
    const { origin, remoteAddress } = facts;
    const answer = callSafely(options.authenticate, { token: record.token ?? facts.bearer, origin, remoteAddress });
    if (!(answer instanceof Promise)) return answer;
    const bounded = withinTime(answer, wheel, limits.authenticateMs).finally(() => pending.delete(record.nonce));
    pending.set(record.nonce, bounded);
    return bounded;
  }

  function conclude(link: ServerLink, record: OpenRecord, messages: readonly Message[], claims: Claims | null): void {
    if (!claims) refuse(link, 'unauthorized');
    else if (options.isClosing()) refuse(link, 'closing');
    else admit(link, record, messages, claims);
  }

  function refuse(link: ServerLink, code: string): void {
    if (!link.open) return;
    link.io.writeRecord({ t: 'refused', code });
    link.end('closed', now());
  }

  return { open };
}

type Authenticate = NonNullable<WireServerOptions['authenticate']>;

/** An `authenticate` that throws is one whose promise was rejected. */
function callSafely(authenticate: Authenticate, request: Parameters<Authenticate>[0]): ReturnType<Authenticate> {
  try {
    return authenticate(request);
  } catch (error) {
    return Promise.reject(error);
  }
}

function withinTime(answer: Promise<Claims | null>, wheel: TickWheel, timeMs: number): Promise<Claims | null> {
  return new Promise((resolve, reject) => {
    const deadline = createDeadline(() => reject(new Error('limits.authenticateMs has passed')));
    wheel.schedule(deadline, timeMs);
    answer.then(resolve, reject).finally(() => wheel.cancel(deadline));
  });
}
