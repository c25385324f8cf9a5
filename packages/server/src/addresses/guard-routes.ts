import { checkHead } from '../http/check-head.js';
import { answerAndClose, errorJson } from '../http/http-answer.js';
import type { Routes } from '../http/take-over.js';
import type { ServerLimits } from '../limits.js';
import { refuseUpgrade } from '../websocket/upgrades.js';

/** Puts the checks that every request has to pass before the routes, whatever it asks for. */
export function guardRoutes(
  routes: Routes,
  limits: Pick<ServerLimits, 'urlBytesMax' | 'headersMax'>,
  onRefused: (status: number, code: string) => void,
): Routes {
  return {
    onRequest(request, response, name): void {
      const refusal = checkHead(request, limits);
      if (refusal === null) {
        routes.onRequest(request, response, name);
        return;
      }
      const { status, code } = refusal;
      onRefused(status, code);
      answerAndClose(request, response, status, errorJson(code, 'The head of the request was not taken.'), {
        kind: 'absent',
      });
    },
    onUpgrade(request, socket, head, name): void {
      const refusal = checkHead(request, limits);
      if (refusal === null) {
        routes.onUpgrade(request, socket, head, name);
        return;
      }
      onRefused(refusal.status, refusal.code);
      refuseUpgrade(socket, refusal.status, refusal.code);
    },
  };
}
