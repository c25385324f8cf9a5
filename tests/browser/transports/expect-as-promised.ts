import { expect } from 'vitest';
import { asPromised } from '../../transports/conversation.js';
import { judge } from '../../transports/numbered-content.js';
import type { NumberedServer } from '../../transports/numbered-server.js';
import type { PageOutcome } from './page.js';

/**
 * Checks that a page's conversation ended as promised: everything once, in order, both ways, in one session, closed
 * cleanly.
 */
export function expectAsPromised(server: NumberedServer, { down, verdict }: PageOutcome): void {
  expect({
    up: judge(server.up),
    down,
    sessions: server.sessions,
    client: verdict && { clean: verdict.clean, unknown: verdict.unknown },
    server: server.verdict && { clean: server.verdict.clean, unknown: server.verdict.unknown },
  }).toEqual(asPromised);
}
