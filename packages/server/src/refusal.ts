import { type WireCode, WireError } from '@everywire/protocol';

type RefusalCode = Extract<
  WireCode,
  'buffer_full' | 'message_too_big' | 'too_many_topics' | 'too_many_watches' | 'topic_invalid' | 'watched'
>;

const texts: Readonly<Record<RefusalCode, string>> = {
  buffer_full: 'The buffer of the session is full. Wait until bufferedAmount has fallen.',
  message_too_big: 'The message is longer than limits.messageBytesMax.',
  too_many_topics: 'The session is in limits.topicsPerSessionMax topics already.',
  too_many_watches: 'limits.watchesMax names are watched already.',
  topic_invalid: 'A topic is a string of 1 to limits.topicLengthMax characters.',
  watched: 'This name is already watched. Stop the earlier watch first.',
};

/** Creates the error for a call of the application that the server refuses. */
export function refusal(code: RefusalCode): WireError {
  return new WireError(code, { side: 'server', message: texts[code] });
}
