import type { BufferLimits, SessionLimits, SessionTimes } from '../limits.js';

/** Operations of the registry that its sessions use. */
export interface SessionHome<Session> {
  readonly limits: SessionLimits;
  readonly buffers: BufferLimits;
  readonly times: SessionTimes;
  /** Whether early messages are delivered before their session is confirmed, see `RegistryOptions.earlyAtOnce`. */
  readonly earlyAtOnce: boolean;
  /** Clock reading of the current input. Each input sets it. */
  now: number;
  /** Schedules a flush of the session before this tick ends. */
  touch(session: Session): void;
  /**
   * Requests that the shell sends the runs (consecutive messages) that it holds back for several sessions now; see
   * `RegistryIo.catchUp`.
   */
  catchUp(): void;
  /** Reports that `nextTickAt` is now earlier. */
  sooner(session: Session): void;
  /** Handles an error thrown in this session. @throws it, unless it can end this session alone */
  broke(session: Session, error: unknown): void;
  /** Reports a verdict, after which the session is a tombstone. */
  buried(session: Session): void;
  /** Reports that a carrier used the new id, so that the former one is no longer valid. */
  rotated(session: Session): void;
  /** Forgets a session that another node has taken over, without a verdict. */
  moved(session: Session): void;
  /** Returns the id of the session with this key. */
  idOf(key: string): string;
  /** Returns the former id of a session while it is valid; otherwise `null`. */
  formerId(session: Session): string | null;
}
