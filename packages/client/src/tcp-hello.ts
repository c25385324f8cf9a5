import { sessionProtocol } from '@everywire/protocol/internal';

/** What a client says first on raw TCP, and what a server of ours answers (TR-44). */
export const tcpHello: string = `${sessionProtocol}\n`;
