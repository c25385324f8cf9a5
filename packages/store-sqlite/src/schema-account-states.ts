/**
 * People who leave.
 *
 * - `account.state` is 0 active, 1 suspended, 2 deleted. A deleted account has no name; its `folded_name` is `#` and its id, which is no name that anybody can choose.
 * - Deleting an account looks for its identities, and for the blocks of it, by an index.
 * - `account.seen_at` is when a sign-in was used last; it outlives the sign-ins.
 * - `former_identity` has a SHA-256 of each identity (issuer and subject) that a deleted account had, so that it stays locked out although it is not kept.
 * - `account_erasure` has the deleted accounts whose traces in conversations are still to be taken out; `texts` is 1 where what they wrote goes as well.
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
