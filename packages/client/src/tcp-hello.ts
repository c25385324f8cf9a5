import { sessionProtocol } from '@everywire/protocol/internal';

/** The first line of a client on raw TCP, and the answer of a server (TR-44). */
export const tcpHello: string = `${sessionProtocol}\n`;
