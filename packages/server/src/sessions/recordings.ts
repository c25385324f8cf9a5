import { ServerRecorder, type SessionRegistry } from '@everywire/protocol/internal';
import type { SessionRecording } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import type { SessionShell } from './session-shell.js';

type ShownSession = SessionRecording['session'];

interface Kept {
  /** The session itself until it ends, because its claims may change. */
  session: ShownSession;
  readonly recorder: ServerRecorder;
}

/**
 * Recorders of the sessions whose claims ask for one, in order of their start. That of an ended session stays until the limit
 * drops it.
 */
export class Recordings {
  readonly #registry: SessionRegistry;
  readonly #recordingsMax: number;
  /** Keyed by the session's serial number. */
  readonly #kept: Map<number, Kept> = new Map();

  constructor(registry: SessionRegistry, recordingsMax: number) {
    this.#registry = registry;
    this.#recordingsMax = recordingsMax;
  }

  /** @param session a new session without any events */
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

  /** Replaces the session by the fields that are shown. */
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

/** Returns an object that reads the recording only on access. */
function asShown({ session, recorder }: Kept): SessionRecording {
  return {
    session,
    get recording() {
      return recorder.recording;
    },
  };
}
