import { type WireCode, WireError } from '@everywire/protocol';

type RefusalCode = Extract<
  WireCode,
  'buffer_full' | 'message_too_big' | 'too_many_topics' | 'too_many_watches' | 'topic_invalid' | 'watched'
>;

const texts: Readonly<Record<RefusalCode, string>> = {
  buffer_full: 'The session holds as much for its client as it may; wait until bufferedAmount has fallen.',
  message_too_big: 'The message is longer than limits.messageBytesMax.',
  too_many_topics: 'The session is in limits.topicsPerSessionMax topics already.',
  too_many_watches: 'limits.watchesMax names are watched already.',
  topic_invalid: 'A topic is a string of 1 to limits.topicLengthMax characters.',
  watched: 'It is watched already; stop that first.',
};

/** What an application asked of the server and cannot have. */
export function refusal(code: RefusalCode): WireError {
  return new WireError(code, { side: 'server', message: texts[code] });
}
