import type { BufferLimits, SessionLimits, SessionTimes } from '../limits.js';

/** What a session asks of the registry it lives in. */
export interface SessionHome<Session> {
  readonly limits: SessionLimits;
  readonly buffers: BufferLimits;
  readonly times: SessionTimes;
  /** Whether early messages pass before their session is confirmed, see `RegistryOptions.earlyAtOnce`. */
  readonly earlyAtOnce: boolean;
  /** Clock reading of the input being handled: each input sets it. */
  now: number;
  /** The session has something to write before this turn ends. */
  touch(session: Session): void;
  /** Whoever holds a run back for it is to send it now, see `RegistryIo.catchUp`. */
  catchUp(): void;
  /** `nextTickAt` has become earlier. */
  sooner(session: Session): void;
  /** Something was thrown while this session was at work. @throws it, unless the session can be ended alone, as it is then */
  broke(session: Session, error: unknown): void;
  /** It has its verdict: a tombstone from now on. */
  buried(session: Session): void;
  /** A carrier named it by the new id: the former one is worth nothing any more. */
  rotated(session: Session): void;
  /** Another node has it: it is forgotten, without a verdict. */
  moved(session: Session): void;
  /** The whole id of the session with this key, and the one before, while that is good. */
  idOf(key: string): string;
  formerId(session: Session): string | null;
}
