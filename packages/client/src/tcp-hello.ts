/** What a client says first on raw TCP, and what a server of ours answers (TR-40). */
export const tcpHello = 'everywire.1\n';
