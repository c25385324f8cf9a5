import { callGuarded, createDeadline, type GatewayHost } from '@everywire/server/internal';
import type { SocketIoMiddleware, SocketIoSocket } from '../socket-io.js';

/** A socket that is not admitted yet. */
interface Entering extends SocketIoSocket {
  onFailed(error: unknown): void;
}

/** Runs the middlewares for a new socket. Rejects with the error of the first one that rejects it. */
export async function passMiddlewares(
  { wheel, limits }: GatewayHost,
  middlewares: readonly SocketIoMiddleware[],
  socket: Entering,
): Promise<void> {
  for (const middleware of middlewares) {
    await new Promise<void>((resolve, reject) => {
      const late = createDeadline(() => reject(new Error('middleware has timed out')));
      wheel.schedule(late, limits.authenticateMs);
      const next = (error?: Error): void => {
        wheel.cancel(late);
        if (error) reject(error);
        else resolve();
      };
      // An unexpected error rejects the socket without its message, which is not meant for clients.
      const failed = (error: unknown): void => {
        socket.onFailed(error);
        next(new Error('internal'));
      };
      callGuarded(() => middleware(socket, next), failed);
    });
  }
}
