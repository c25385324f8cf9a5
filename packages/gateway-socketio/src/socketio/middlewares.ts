import { createDeadline, type GatewayHost } from '@everywire/server/internal';
import type { SocketIoMiddleware, SocketIoSocket } from '../socket-io.js';

/** A socket that is not let in yet. */
interface Entering extends SocketIoSocket {
  onFailed(error: unknown): void;
}

/** Asks each middleware whether a socket is let in. Rejects with the error that refuses it. */
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
      // One that fails is refused without its message, which was written for nobody outside.
      const failed = (error: unknown): void => {
        socket.onFailed(error);
        next(new Error('internal'));
      };
      try {
        const result = middleware(socket, next);
        if (result instanceof Promise) result.catch(failed);
      } catch (error) {
        failed(error);
      }
    });
  }
}
