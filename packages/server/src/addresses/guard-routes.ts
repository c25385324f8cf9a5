import type { IncomingMessage } from 'node:http';
import { checkHead } from '../http/check-head.js';
import type { HostPolicy } from '../http/host-policy.js';
import { answerAndClose, errorJson } from '../http/http-answer.js';
import type { OriginVerdict } from '../http/origin-policy.js';
import type { Routes } from '../http/take-over.js';
import type { ServerLimits } from '../limits.js';
import { refuseUpgrade } from '../websocket/upgrades.js';

/** The limits and the policy that every request must satisfy. */
interface GuardOptions {
  readonly limits: Pick<ServerLimits, 'urlBytesMax' | 'headersMax'>;
  readonly allowsHost: HostPolicy;
}

/** Wraps routes with the checks that every request must pass. */
export function guardRoutes(
  routes: Routes,
  { limits, allowsHost }: GuardOptions,
  onRefused: (status: number, code: string) => void,
): Routes {
  const check = (request: IncomingMessage) =>
    checkHead(request, limits) ?? (allowsHost(request) ? null : ({ status: 421, code: 'host_unknown' } as const));
  return {
    onRequest(request, response, name): void {
      const refusal = check(request);
      if (refusal === null) {
        routes.onRequest(request, response, name);
        return;
      }
      const { status, code } = refusal;
      onRefused(status, code);
      const text = errorJson(code, 'The head of the request was refused.');
      answerAndClose(request, response, status, text, unreadOrigin(request));
    },
    onUpgrade(request, socket, head, name): void {
      const refusal = check(request);
      if (refusal === null) {
        routes.onUpgrade(request, socket, head, name);
        return;
      }
      onRefused(refusal.status, refusal.code);
      refuseUpgrade(request, socket, refusal.status, refusal.code);
    },
  };
}

/** Returns an origin verdict without consulting the policy: a refused head allows no page to read the answer. */
function unreadOrigin({ headers: { origin } }: IncomingMessage): OriginVerdict {
  return origin === undefined ? { kind: 'absent' } : { kind: 'refused', origin };
}
