/** What a stable code says, for programs; the words are in `docs/guides/errors.md`. */
export interface ErrorCode {
  readonly code: string;
  /** Which end decides on it. */
  readonly side: 'client' | 'server' | 'either';
  /** The same may succeed later, without a change of anything. */
  readonly retryable: boolean;
  /** Where it is a matter of some transports alone. */
  readonly transport?: string;
}

const row = (code: string, side: ErrorCode['side'], retryable: boolean, transport?: string): ErrorCode => ({
  ...{ code, side, retryable },
  ...(transport === undefined ? undefined : { transport }),
});

/**
 * Every code of verdicts, refusals, failures, attempts and notices. An application adds its own: those of `session.end`, of the
 * policy and of request handlers. Codes are never reused. No client loads this table.
 */
export const errorCodes: readonly ErrorCode[] = [
  row('aborted', 'either', true),
  row('address_full', 'server', true),
  row('authenticate_failed', 'server', false),
  row('blocked', 'client', true),
  row('body_not_allowed', 'server', false, 'websocket'),
  row('body_timeout', 'server', true, 'HTTP'),
  row('body_too_large', 'server', false, 'HTTP'),
  row('broker_failed', 'server', true),
  row('buffer_full', 'either', true),
  row('buffered', 'client', true, 'fetch-stream, event-stream'),
  row('busy', 'server', true),
  row('callback_invalid', 'server', false, 'JSONP'),
  row('closed', 'either', false),
  row('closing', 'server', true),
  row('connection_upgrade_required', 'server', false, 'websocket'),
  row('connections_full', 'server', true),
  row('content_encoding', 'server', false, 'HTTP'),
  row('cut', 'client', true),
  row('damaged', 'client', true),
  row('elsewhere', 'server', false),
  row('expired', 'server', true),
  row('extensions_malformed', 'server', false, 'websocket'),
  row('frozen', 'server', true),
  row('handler_failed', 'server', false),
  row('head_timeout', 'server', true),
  row('host_repeated', 'server', false),
  row('host_required', 'server', false, 'websocket'),
  row('hostile', 'either', false),
  row('http_version', 'server', false, 'websocket'),
  row('internal', 'server', false),
  row('jsonp_off', 'server', false, 'JSONP'),
  row('lost', 'either', true),
  row('malformed', 'either', false),
  row('message_too_big', 'either', false),
  row('method_not_allowed', 'server', false, 'HTTP'),
  row('moved', 'server', true),
  row('no_handler', 'either', false),
  row('node_full', 'server', true),
  row('not_acceptable', 'server', false, 'HTTP'),
  row('not_found', 'server', false, 'HTTP'),
  row('origin_refused', 'server', false),
  row('overflow', 'either', true),
  row('policy_failed', 'server', false),
  row('raw_link_failed', 'server', false),
  row('refused', 'either', true),
  row('renewal_refused', 'server', false),
  row('reply_too_big', 'either', false),
  row('revoked', 'server', false),
  row('shutdown', 'server', true),
  row('silent', 'client', true),
  row('slow_link', 'server', true),
  row('slow_raw_link', 'server', true),
  row('socket_refused', 'server', false),
  row('subprotocol_malformed', 'server', false, 'websocket'),
  row('subprotocol_required', 'server', false, 'websocket'),
  row('superseded', 'server', false),
  row('tcp_per_address', 'server', true, 'tcp'),
  row('ticket', 'server', true),
  row('timeout', 'either', true),
  row('too_big', 'server', false, 'HTTP'),
  row('too_many', 'server', false, 'HTTP'),
  row('too_many_headers', 'server', false),
  row('too_many_requests', 'either', true),
  row('too_many_topics', 'server', false),
  row('too_many_watches', 'server', false),
  row('topic_invalid', 'server', false),
  row('transfer_encoding', 'server', false),
  row('unauthorized', 'either', false),
  row('unconfirmed', 'server', true),
  row('unknown', 'server', true),
  row('unreadable', 'client', false),
  row('unsupported', 'either', false),
  row('upgrade_required', 'server', false, 'websocket'),
  row('url_too_long', 'server', false),
  row('watched', 'server', false),
  row('websocket_key', 'server', false, 'websocket'),
  row('websocket_version', 'server', false, 'websocket'),
];
