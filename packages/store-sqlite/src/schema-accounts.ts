/**
 * Schema step: roles, links and second factors of accounts.
 *
 * - `account.password_hash` is empty for users who sign in by other means; `role` is 0 guest, 1 member, 2
 *   administrator.
 * - `link` has secrets in links: set-up, invitations, password resets. Stores only hashes of the secrets.
 * - `second_factor.step` is NULL until a code was used, then the last accepted time step.
 */
export const ACCOUNTS_SCHEMA = `
ALTER TABLE account ADD COLUMN role INTEGER NOT NULL DEFAULT 1;
ALTER TABLE account ADD COLUMN status TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN avatar TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN folded_email TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN signed_out_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX account_email ON account (folded_email) WHERE folded_email <> '';
CREATE INDEX account_administrator ON account (role) WHERE role = 2;

ALTER TABLE credential ADD COLUMN transport TEXT NOT NULL DEFAULT '';

CREATE TABLE identity (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  account INTEGER NOT NULL REFERENCES account (id),
  PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE link (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  secret_hash TEXT NOT NULL UNIQUE,
  account INTEGER REFERENCES account (id),
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  uses_max INTEGER NOT NULL,
  uses INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX link_account ON link (account);
CREATE INDEX link_expires ON link (expires_at);

CREATE TABLE second_factor (
  account INTEGER PRIMARY KEY REFERENCES account (id),
  secret TEXT NOT NULL,
  step INTEGER
) STRICT;

CREATE TABLE recovery_code (
  account INTEGER NOT NULL REFERENCES account (id),
  hash TEXT NOT NULL,
  PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;
