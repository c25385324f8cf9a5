/**
 * Schema step: suspended and deleted accounts.
 *
 * - `account.state` is 0 active, 1 suspended, 2 deleted. A deleted account has no name; its `folded_name` is `#` and
 *   its id, which no user can choose.
 * - Indexes find an account's identities, and the blocks of it, for its deletion.
 * - `account.seen_at` is when a sign-in was last used; it outlives the sign-ins.
 * - `former_identity` has a SHA-256 of each identity (issuer and subject) of a deleted account, so that it stays locked
 *   out without being stored.
 * - `account_erasure` has deleted accounts whose traces in conversations must still be erased; `texts` is 1 if their
 *   messages are erased too.
 */
export const ACCOUNT_STATES_STEP = `
ALTER TABLE account ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;
UPDATE account SET seen_at = coalesce((SELECT max(used_at) FROM credential WHERE credential.account = account.id), 0);

CREATE INDEX identity_account ON identity (account);
CREATE INDEX block_blocked ON block (blocked);

CREATE TABLE former_identity (
  hash TEXT PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE account_erasure (
  account INTEGER PRIMARY KEY REFERENCES account (id),
  texts INTEGER NOT NULL
) STRICT;
`;
