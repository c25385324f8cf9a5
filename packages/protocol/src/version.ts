/**
 * Version of the wire protocol. Raise it when an end of the previous version would misread this one; a new field or
 * record that can be ignored needs no new version (SN-19). Ends of different versions refuse each other with
 * `wire_version` (SN-42).
 */
export const WIRE_VERSION = 2;

/**
 * WebSocket subprotocol of links that carry sessions (SN-16). Also the name in the hello of raw TCP and in ALPN
 * (TR-44).
 */
export const SESSION_PROTOCOL = 'everywire.2';
/** Variant of `SESSION_PROTOCOL`: the next subprotocol that the client offers is the link's first record (TR-40). */
export const HEADED_PROTOCOL = 'everywire.2.head';
/** Suffix of either subprotocol for a link that carries several sessions, each in its own channel (SN-49). */
export const CHANNELS_SUFFIX = '.channels';
