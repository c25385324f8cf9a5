/** Codes of what the application did that cannot be done. */
export type WireErrorCode = 'buffer_full' | 'message_too_big' | 'topic_invalid' | 'too_many_topics';

const texts: Readonly<Record<string, string>> = {
  buffer_full: 'The session holds as much for its client as it may; wait until bufferedAmount has fallen.',
  message_too_big: 'The message is longer than limits.messageBytesMax.',
  topic_invalid: 'A topic is a string of 1 to limits.topicLengthMax characters.',
  too_many_topics: 'The session is in limits.topicsPerSessionMax topics already.',
};

export interface WireErrorFacts {
  /** Where it was decided. Default `server`. */
  readonly side?: 'client' | 'server';
  /** The transport in use then. */
  readonly transport?: string | null;
  /** The message may have had an effect all the same. */
  readonly unknown?: boolean;
  readonly text?: string;
  readonly cause?: unknown;
}

/**
 * What went wrong, by a stable `code`; `docs` is its paragraph in this repository. A handler that throws one answers a request
 * with its code and text.
 */
export class WireError extends Error {
  readonly code: string;
  readonly side: 'client' | 'server';
  readonly transport: string | null;
  readonly unknown: boolean;
  readonly docs: string;

  constructor(code: string, facts: WireErrorFacts = {}) {
    super(facts.text ?? texts[code] ?? code, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = 'WireError';
    this.code = code;
    this.side = facts.side ?? 'server';
    this.transport = facts.transport ?? null;
    this.unknown = facts.unknown ?? false;
    this.docs = `docs/guides/errors.md#${code}`;
  }
}
