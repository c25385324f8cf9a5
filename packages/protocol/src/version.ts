/**
 * The version of the wire. It rises when an end of the version before would misread what an end of this one says; a new field or
 * record that may be ignored needs none (SN-19). Ends of two versions refuse each other with `wire_version` (SN-42).
 */
export const wireVersion = 2;

/** The WebSocket subprotocol whose links carry sessions (SN-16), also the name in the hello of raw TCP and in ALPN (TR-44). */
export const sessionProtocol = 'everywire.2';
/** The same, where the record offered behind it is the link's first (TR-40). */
export const headedProtocol = 'everywire.2.head';
/** Behind either of these: the link carries several sessions, each in a channel of its own (SN-49). */
export const channelsSuffix = '.channels';
