import type { Accounts, SecondFactor } from '@everywire/chat';
import type { Database } from '../database/database.js';
import type { AccountChanges } from './account-changes.js';

type SecondFactors = Pick<
  Accounts,
  | 'secondFactor'
  | 'beginSecondFactor'
  | 'confirmSecondFactor'
  | 'useSecondFactorStep'
  | 'useRecoveryCode'
  | 'removeSecondFactor'
>;

const FIND = `SELECT secret, step IS NOT NULL AS confirmed,
    (SELECT count(*) FROM recovery_code WHERE recovery_code.account = second_factor.account) AS "recoveryCodesLeft"
  FROM second_factor WHERE account = $1::int8`;
/** Stores a new secret; replaces an earlier one only if it was never confirmed by a code (`step` is NULL). */
const BEGIN = `INSERT INTO second_factor (account, secret) VALUES ($1::int8, $2::text)
  ON CONFLICT (account) DO UPDATE SET secret = excluded.secret WHERE second_factor.step IS NULL RETURNING account`;
const CONFIRM = `UPDATE second_factor SET step = $3::int8 WHERE account = $1::int8 AND secret = $2::text AND step IS NULL
  RETURNING account`;
const ADD_CODES = 'INSERT INTO recovery_code (account, hash) SELECT $1::int8, hash FROM unnest($2::text[]) AS hash';
/** Records the time step of a used code, if it is later than that of the last one; so no code can be used twice. */
const TAKE_STEP =
  'UPDATE second_factor SET step = $2::int8 WHERE account = $1::int8 AND step < $2::int8 RETURNING account';
/** Deletes a recovery code, so that it can be used only once. */
const TAKE_CODE = 'DELETE FROM recovery_code WHERE account = $1::int8 AND hash = $2::text RETURNING account';
const REMOVE_CODES = 'DELETE FROM recovery_code WHERE account = $1::int8';
const REMOVE_FACTOR = 'DELETE FROM second_factor WHERE account = $1::int8';

/** Implements `SecondFactors` over the tables `second_factor` and `recovery_code`. */
export function createSecondFactors(database: Database, changes: AccountChanges): SecondFactors {
  return {
    secondFactor: async (user) => (await database.query<SecondFactor>(FIND, [user]))[0] ?? null,
    beginSecondFactor: (user, secret) =>
      changes.ofOne(user, async (at, account) => {
        if (account?.user.state !== 'active') return false;
        return (await at.query(BEGIN, [user, secret])).length > 0;
      }),
    confirmSecondFactor: (user, { secret, step }, recoveryHashes) =>
      changes.ofOne(user, async (at, account) => {
        if (account?.user.state !== 'active') return false;
        if ((await at.query(CONFIRM, [user, secret, step])).length === 0) return false;
        await at.query(ADD_CODES, [user, recoveryHashes]);
        return true;
      }),
    useSecondFactorStep: (user, step) =>
      changes.ofOne(user, async (at) => (await at.query(TAKE_STEP, [user, step])).length > 0),
    useRecoveryCode: (user, hash) =>
      changes.ofOne(user, async (at) => (await at.query(TAKE_CODE, [user, hash])).length > 0),
    removeSecondFactor: (user) =>
      changes.ofOne(user, async (at, account) => {
        if (account?.user.state !== 'active') return false;
        await at.query(REMOVE_CODES, [user]);
        await at.query(REMOVE_FACTOR, [user]);
        return true;
      }),
  };
}
