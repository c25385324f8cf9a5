import type { InviteQuery, Query, UserId } from '@everywire/chat';
import type { CommandDependencies } from './command-dependencies.js';
import { readInvitation } from './read-invitation.js';
import { type RequestOutcome, refuse } from './request-outcome.js';

/** Runs a query about invitations, the directory or the user's privacy settings. */
export async function runInviteQuery(
  user: UserId,
  query: InviteQuery | Extract<Query, { readonly command: 'privacy' }>,
  { store, accounts, limits, wallNow }: CommandDependencies,
): Promise<RequestOutcome> {
  switch (query.command) {
    case 'invites': {
      const answer = await store.invites(user, query.conversation);
      if (answer.outcome !== 'invites') return refuse(answer.outcome);
      return { outcome: 'ok', body: { invites: answer.invites } };
    }
    case 'invitation': {
      const found = await readInvitation(query, { store, accounts, wallNow });
      return typeof found === 'string' ? refuse(found) : { outcome: 'ok', body: found.outline };
    }
    case 'directory': {
      const { directoryPageMax: most } = limits;
      const found = await store.directory(query.query, query.after, most + 1);
      const groups = found.slice(0, most);
      const last = found.length > most ? groups.at(-1) : undefined;
      const next = last === undefined ? null : { name: last.name, conversation: last.conversation };
      return { outcome: 'ok', body: { groups, next } };
    }
    case 'privacy':
      return { outcome: 'ok', body: await store.privacy(user) };
  }
}
