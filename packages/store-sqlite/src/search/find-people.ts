import type { Accounts, ChatLimits } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import type { Database } from '../database/database.js';
import { parseUser, STATES, USER_COLUMNS, type UserRow } from '../user-row.js';

type FindPeople = (question: Parameters<Accounts['searchUsers']>) => Awaited<ReturnType<Accounts['searchUsers']>>;

/**
 * Searches all accounts in order of names until `limit` are found: 30 ms for 50,000 without a match, so it runs in the
 * search thread (decision 0717). Folded names are unique, so they alone are the order and the key of a page.
 */
export function createFindPeople(database: Database, { usersPageMax }: ChatLimits): FindPeople {
  const search = database
    .prepare<[number | null, string, string, string, number], UserRow>(
      `SELECT ${USER_COLUMNS} FROM account
       WHERE folded_name > ifnull((SELECT folded_name FROM account WHERE id = ?), '')
         AND (instr(folded_name, ?) > 0 OR instr(folded_display_name, ?) > 0)
         AND state IN (SELECT value FROM json_each(?))
       ORDER BY folded_name LIMIT ?`,
    )
    .raw();
  return ([query, after, limit, states = ['active']]) => {
    const folded = foldName(query);
    const wanted = JSON.stringify(states.map((state) => STATES.indexOf(state)));
    return search.all(after, folded, folded, wanted, Math.min(limit, usersPageMax)).map(parseUser);
  };
}
