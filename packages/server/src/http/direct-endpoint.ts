import { type ControlRecord, type Message, parseJsonBody, readPlainCarrier } from '@everywire/protocol/internal';
import type { LinkHost, LiveLink } from '../gathering/link-host.js';
import type { ServerLimits } from '../limits.js';
import { type AnswerPlace, DirectAnswer, type DirectLink } from './direct-answer.js';
import { jsonType } from './http-answer.js';
import type { DirectEndpoint } from './post-connection.js';

export interface DirectEndpointOptions extends DirectLink {
  readonly host: LinkHost;
  readonly limits: ServerLimits;
  readonly onLink: (link: LiveLink) => void;
}

/** Bytes of a body that is first looked at as one without messages. */
const PLAIN_BYTES_MAX = 1_024;

/**
 * Takes what is right. Everything that is to be refused is left to the endpoint's other way, which reads it again: so there is
 * one place that says what is wrong with a request.
 */
export function createDirectEndpoint(options: DirectEndpointOptions): DirectEndpoint {
  const { host, limits, kind, runs, onLink } = options;

  function read(body: Buffer): { readonly record: ControlRecord; readonly messages: readonly Message[] } | null {
    const record = body.length > PLAIN_BYTES_MAX ? null : readPlainCarrier(body.toString('latin1'));
    if (record !== null) return { record, messages: NONE };
    const whole = parseJsonBody(body, { bodyBytesMax: limits.bodyBytesMax, messagesMax: limits.batchMessagesMax });
    if (typeof whole === 'string') return null;
    return whole.messages.some((message) => message.byteLength > limits.messageBytesMax) ? null : whole;
  }

  return {
    contentType: runs === null ? jsonType : runs.encoding.contentType,
    take(body: Buffer, place: AnswerPlace): DirectAnswer | null {
      const carrier = read(body);
      if (carrier === null) return null;
      const { record, messages } = carrier;
      if (record.t !== 'attach' && record.t !== 'body' && record.t !== 'fail') return null;
      if ((record.t === 'attach') !== (kind === 'poll')) return null;
      host.turn.begin();
      const answer = new DirectAnswer(host, options, place);
      onLink(answer);
      answer.link.record(record, messages, host.turn.time);
      return answer;
    },
  };
}

const NONE: readonly never[] = [];
