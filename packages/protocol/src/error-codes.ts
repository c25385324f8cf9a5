/** A stable error code, described for programs. The text for people is in `docs/guides/errors.md`. */
export interface ErrorCode {
  readonly code: string;
  /** The end that raises it. */
  readonly side: 'client' | 'server' | 'either';
  /** The same action may succeed later without any change. */
  readonly retryable: boolean;
  /** The only transports on which it occurs. Absent if it can occur on all. */
  readonly transport?: string;
}

/**
 * Every code of verdicts (how a session ended), refusals, failures, attempts to connect, and notices to the operator. An
 * application adds its own codes: those of `session.end`, of its policy and of its request handlers. Codes are never
 * reused. No client loads this table.
 */
const table = [
  { code: 'aborted', side: 'either', retryable: true },
  { code: 'address_full', side: 'server', retryable: true },
  { code: 'authenticate_failed', side: 'server', retryable: false },
  { code: 'blocked', side: 'client', retryable: true },
  { code: 'body_not_allowed', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'body_timeout', side: 'server', retryable: true, transport: 'HTTP' },
  { code: 'body_too_large', side: 'server', retryable: false, transport: 'HTTP' },
  { code: 'broker_failed', side: 'server', retryable: true },
  { code: 'buffer_full', side: 'either', retryable: true },
  { code: 'buffered', side: 'client', retryable: true, transport: 'fetch-stream, event-stream' },
  { code: 'busy', side: 'server', retryable: true },
  { code: 'callback_invalid', side: 'server', retryable: false, transport: 'JSONP' },
  { code: 'claims_invalid', side: 'server', retryable: false },
  { code: 'closed', side: 'either', retryable: false },
  { code: 'closing', side: 'server', retryable: true },
  { code: 'connection_upgrade_required', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'connections_full', side: 'server', retryable: true },
  { code: 'content_encoding', side: 'server', retryable: false, transport: 'HTTP' },
  { code: 'cut', side: 'client', retryable: true },
  { code: 'damaged', side: 'client', retryable: true },
  { code: 'elsewhere', side: 'server', retryable: false },
  { code: 'expired', side: 'server', retryable: true },
  { code: 'extensions_malformed', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'forwarded_invalid', side: 'server', retryable: false },
  { code: 'frozen', side: 'server', retryable: true },
  { code: 'gateway_failed', side: 'server', retryable: true },
  { code: 'handler_failed', side: 'server', retryable: false },
  { code: 'head_timeout', side: 'server', retryable: true },
  { code: 'host_repeated', side: 'server', retryable: false },
  { code: 'host_required', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'host_unknown', side: 'server', retryable: false },
  { code: 'hostile', side: 'either', retryable: false },
  { code: 'http_version', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'internal', side: 'server', retryable: false },
  { code: 'invariant_broken', side: 'server', retryable: false },
  { code: 'jsonp_off', side: 'server', retryable: false, transport: 'JSONP' },
  { code: 'lost', side: 'either', retryable: true },
  { code: 'malformed', side: 'either', retryable: false },
  { code: 'message_too_big', side: 'either', retryable: false },
  { code: 'method_not_allowed', side: 'server', retryable: false, transport: 'HTTP' },
  { code: 'moved', side: 'server', retryable: true },
  { code: 'no_handler', side: 'either', retryable: false },
  { code: 'no_message_handler', side: 'server', retryable: false },
  { code: 'node_full', side: 'server', retryable: true },
  { code: 'not_acceptable', side: 'server', retryable: false, transport: 'HTTP' },
  { code: 'not_found', side: 'server', retryable: false, transport: 'HTTP' },
  { code: 'notice_failed', side: 'server', retryable: false },
  { code: 'origin_refused', side: 'server', retryable: false },
  { code: 'overflow', side: 'either', retryable: true },
  { code: 'policy_failed', side: 'server', retryable: false },
  { code: 'policy_refused', side: 'server', retryable: false },
  { code: 'protocol_version', side: 'server', retryable: false },
  { code: 'raw_link_failed', side: 'server', retryable: false },
  { code: 'refused', side: 'either', retryable: true },
  { code: 'renewal_refused', side: 'server', retryable: false },
  { code: 'reply_too_big', side: 'either', retryable: false },
  { code: 'revoked', side: 'server', retryable: false },
  { code: 'shutdown', side: 'server', retryable: true },
  { code: 'silent', side: 'client', retryable: true },
  { code: 'slow_link', side: 'server', retryable: true },
  { code: 'slow_raw_link', side: 'server', retryable: true },
  { code: 'snapshot_refused', side: 'server', retryable: false },
  { code: 'socket_refused', side: 'server', retryable: false },
  { code: 'subprotocol_malformed', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'subprotocol_required', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'superseded', side: 'server', retryable: false },
  { code: 'tcp_per_address', side: 'server', retryable: true, transport: 'tcp' },
  { code: 'text_only', side: 'server', retryable: false },
  { code: 'ticket', side: 'server', retryable: true },
  { code: 'timeout', side: 'either', retryable: true },
  { code: 'too_big', side: 'server', retryable: false, transport: 'HTTP' },
  { code: 'too_many', side: 'server', retryable: false, transport: 'HTTP' },
  { code: 'too_many_headers', side: 'server', retryable: false },
  { code: 'too_many_requests', side: 'either', retryable: true },
  { code: 'too_many_topics', side: 'server', retryable: false },
  { code: 'too_many_watches', side: 'server', retryable: false },
  { code: 'topic_invalid', side: 'server', retryable: false },
  { code: 'transfer_encoding', side: 'server', retryable: false },
  { code: 'unauthorized', side: 'either', retryable: false },
  { code: 'unconfirmed', side: 'server', retryable: true },
  { code: 'unknown', side: 'server', retryable: true },
  { code: 'unreadable', side: 'client', retryable: false },
  { code: 'unsupported', side: 'either', retryable: false },
  { code: 'upgrade_required', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'url_too_long', side: 'server', retryable: false },
  { code: 'watched', side: 'server', retryable: false },
  { code: 'websocket_key', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'websocket_version', side: 'server', retryable: false, transport: 'websocket' },
  { code: 'wire_version', side: 'either', retryable: false },
] as const;

/** Lists every error code of this project. */
export const errorCodes: readonly ErrorCode[] = table;

/** An error code defined by this project. */
export type WireCode = (typeof table)[number]['code'];

/** An error code from the peer or an application: one of the table, or any other. */
export type CodeOf = WireCode | (string & {});
