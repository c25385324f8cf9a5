/**
 * Schema step: confirmed email addresses.
 *
 * - `account.email_confirmed` is 1 for an account with a confirmed address; existing addresses are unconfirmed.
 * - The index orders accounts of one address with confirmed ones first, however many strangers gave the same address.
 * - Removes angle brackets around addresses, the one stored form (`parseEmail` of the server), so that accounts with
 *   the same address are found together.
 */
export const CONFIRMED_ADDRESSES_STEP = `
ALTER TABLE account ADD COLUMN email_confirmed INTEGER NOT NULL DEFAULT 0;
UPDATE account SET email = trim(email, '<>'), folded_email = trim(folded_email, '<>') WHERE email LIKE '<%>';
DROP INDEX account_email;
CREATE INDEX account_email ON account (folded_email, email_confirmed DESC, id) WHERE folded_email <> '';
`;
