import { ServerRecorder, type SessionRegistry } from '@everywire/protocol/internal';
import type { SessionRecording } from '../wire-server.js';
import type { Claims } from '../wire-session.js';
import type { SessionShell } from './session-shell.js';

type ShownSession = SessionRecording['session'];

/** A session and the recorder of its calls. */
interface RecordedSession {
  /** The session itself until it ends, because its claims may change; then only the fields that are shown. */
  session: ShownSession;
  readonly recorder: ServerRecorder;
}

/**
 * Holds the recorders of the sessions whose claims request a recording, oldest first. The recorder of an ended session
 * is kept until the limit is exceeded.
 */
export class Recordings {
  readonly #registry: SessionRegistry;
  readonly #recordingsMax: number;
  /** Keyed by the session's serial number. */
  readonly #kept: Map<number, RecordedSession> = new Map();

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

  /**
   * Handles the end of a session: keeps only the fields that are shown, so that the session can be garbage-collected.
   */
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
function asShown({ session, recorder }: RecordedSession): SessionRecording {
  return {
    session,
    get recording() {
      return recorder.recording;
    },
  };
}
