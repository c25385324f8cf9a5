/** Serves a built page from `directory` on a free port of this host, with the chat server's content security policy. */
export function servePage(directory: string): Promise<{ readonly origin: string; close(): Promise<void> }>;
