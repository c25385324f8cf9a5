import { ServerRecorder, type SessionRegistry } from '@everywire/protocol/internal';
import type { SessionRecording } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import type { SessionShell } from './session-shell.js';

/** Recorders of sessions whose claims asked for one, in the order they began. An ended one stays until it is pushed out. */
export class Recordings {
  readonly #registry: SessionRegistry;
  readonly #recordingsMax: number;
  readonly #recorders: Map<SessionShell, ServerRecorder> = new Map();

  constructor(registry: SessionRegistry, recordingsMax: number) {
    this.#registry = registry;
    this.#recordingsMax = recordingsMax;
  }

  /** @param session just made, and told nothing yet */
  begin(session: SessionShell): void {
    if (session.claims.recorded !== true || this.#recordingsMax === 0) return;
    const [oldest] = this.#recorders;
    if (oldest && this.#recorders.size >= this.#recordingsMax) {
      oldest[1].stop();
      this.#recorders.delete(oldest[0]);
    }
    this.#recorders.set(session, new ServerRecorder(session.machine, session, this.#registry));
  }

  find(match: ((claims: Claims) => boolean) | undefined): readonly SessionRecording[] {
    const found: SessionRecording[] = [];
    for (const [session, recorder] of this.#recorders)
      if (match === undefined || match(session.claims)) found.push(asShown(session, recorder));
    return found;
  }
}

/** It is read only where somebody looks at it. */
function asShown(session: SessionShell, recorder: ServerRecorder): SessionRecording {
  return {
    session,
    get recording() {
      return recorder.recording;
    },
  };
}
