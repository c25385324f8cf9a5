import { sessionProtocol } from '@everywire/protocol/internal';

/** The first line that a client sends on raw TCP. The server answers with the same line (TR-44). */
export const tcpHello: string = `${sessionProtocol}\n`;
