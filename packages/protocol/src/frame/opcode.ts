/** The opcodes of RFC 6455 §5.2; every other value is reserved. */
export const OPCODE = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa } as const;
/** One of the opcodes in `OPCODE`. */
export type Opcode = (typeof OPCODE)[keyof typeof OPCODE];

/** Maximum payload bytes of a control frame (RFC 6455 §5.5). */
export const CONTROL_PAYLOAD_BYTES_MAX = 125;
