/**
 * Mail addresses that their accounts have proven to read.
 *
 * - `account.email_confirmed` is 1 for such an account; addresses from before this step are not confirmed.
 * - Accounts of one address are read in the order of the index: confirmed ones first, however many strangers gave the same one.
 * - An address in angle brackets becomes the same address without them, the one form in which addresses are kept (`parseEmail` of the server), so that
 *   accounts that share it are found together.
 */
export const CONFIRMED_ADDRESSES_STEP = `
ALTER TABLE account ADD COLUMN email_confirmed INTEGER NOT NULL DEFAULT 0;
UPDATE account SET email = trim(email, '<>'), folded_email = trim(folded_email, '<>') WHERE email LIKE '<%>';
DROP INDEX account_email;
CREATE INDEX account_email ON account (folded_email, email_confirmed DESC, id) WHERE folded_email <> '';
`;
