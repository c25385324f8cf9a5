import { ServerRecorder, type SessionRegistry } from '@everywire/protocol/internal';
import type { SessionRecording } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import type { SessionShell } from './session-shell.js';

type ShownSession = SessionRecording['session'];

interface Kept {
  /** The session itself until it ends, as its claims may be renewed. */
  session: ShownSession;
  readonly recorder: ServerRecorder;
}

/** Recorders of sessions whose claims asked for one, in the order they began. An ended one stays until it is pushed out. */
export class Recordings {
  readonly #registry: SessionRegistry;
  readonly #recordingsMax: number;
  /** By the session's serial number. */
  readonly #kept: Map<number, Kept> = new Map();

  constructor(registry: SessionRegistry, recordingsMax: number) {
    this.#registry = registry;
    this.#recordingsMax = recordingsMax;
  }

  /** @param session just made, and told nothing yet */
  begin(session: SessionShell): void {
    if (session.claims.recorded !== true || this.#recordingsMax === 0) return;
    const [oldest] = this.#kept;
    if (oldest && this.#kept.size >= this.#recordingsMax) {
      oldest[1].recorder.stop();
      this.#kept.delete(oldest[0]);
    }
    const recorder = new ServerRecorder(session.machine, session, this.#registry);
    this.#kept.set(session.serial, { session, recorder });
  }

  /** Keeps of the session what is shown of it. */
  ended({ serial, claims }: SessionShell): void {
    const kept = this.#kept.get(serial);
    if (kept) kept.session = { serial, claims };
  }

  find(match: ((claims: Claims) => boolean) | undefined): readonly SessionRecording[] {
    const found: SessionRecording[] = [];
    for (const kept of this.#kept.values())
      if (match === undefined || match(kept.session.claims)) found.push(asShown(kept));
    return found;
  }
}

/** It is read only where somebody looks at it. */
function asShown({ session, recorder }: Kept): SessionRecording {
  return {
    session,
    get recording() {
      return recorder.recording;
    },
  };
}
