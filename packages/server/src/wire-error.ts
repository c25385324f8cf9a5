/** What the application did that cannot be done; `code` is stable. */
export type WireErrorCode = 'buffer_full' | 'message_too_big' | 'topic_invalid' | 'too_many_topics';

const texts: Readonly<Record<WireErrorCode, string>> = {
  buffer_full: 'The session holds as much for its client as it may; wait until bufferedAmount has fallen.',
  message_too_big: 'The message is longer than limits.messageBytesMax.',
  topic_invalid: 'A topic is a string of 1 to limits.topicLengthMax characters.',
  too_many_topics: 'The session is in limits.topicsPerSessionMax topics already.',
};

export class WireError extends Error {
  readonly code: WireErrorCode;
  constructor(code: WireErrorCode) {
    super(texts[code]);
    this.name = 'WireError';
    this.code = code;
  }
}
