import type { Accounts } from '@everywire/chat';
import type { Access } from './access.js';
import type { Database } from './database/database.js';
import type { PeopleWrites } from './sqlite-people.js';

type SecondFactors = Pick<
  Accounts,
  | 'secondFactor'
  | 'beginSecondFactor'
  | 'confirmSecondFactor'
  | 'useSecondFactorStep'
  | 'useRecoveryCode'
  | 'removeSecondFactor'
>;

/**
 * Creates the operations on `second_factor` and `recovery_code`. Each use is one conditional statement, so that only
 * one of two concurrent uses succeeds.
 */
export function createSecondFactors(
  database: Database,
  { read, write }: Access,
  people: Pick<PeopleWrites, 'get'>,
): SecondFactors {
  const isActive = (user: number): boolean => people.get(user)?.state === 'active';
  const find = database
    .prepare<[number], [secret: string, confirmed: number, codes: number]>(
      `SELECT secret, step IS NOT NULL, (SELECT count(*) FROM recovery_code WHERE recovery_code.account = second_factor.account)
       FROM second_factor WHERE account = ?`,
    )
    .raw();
  const begin = database.prepare<[number, string]>(
    `INSERT INTO second_factor VALUES (?, ?, NULL)
     ON CONFLICT (account) DO UPDATE SET secret = excluded.secret WHERE step IS NULL`,
  );
  const confirm = database.prepare<[number, number, string]>(
    'UPDATE second_factor SET step = ? WHERE account = ? AND secret = ? AND step IS NULL',
  );
  const addCode = database.prepare<[number, string]>('INSERT INTO recovery_code VALUES (?, ?)');
  const takeStep = database.prepare<[number, number, number]>(
    'UPDATE second_factor SET step = ? WHERE account = ? AND step < ?',
  );
  const takeCode = database.prepare<[number, string]>('DELETE FROM recovery_code WHERE account = ? AND hash = ?');
  const removeFactor = database.prepare<[number]>('DELETE FROM second_factor WHERE account = ?');
  const removeCodes = database.prepare<[number]>('DELETE FROM recovery_code WHERE account = ?');
  return {
    secondFactor: (user) =>
      read(() => {
        const row = find.get(user);
        if (row === undefined) return null;
        const [secret, confirmed, recoveryCodesLeft] = row;
        return { secret, confirmed: confirmed === 1, recoveryCodesLeft };
      }),
    beginSecondFactor: (user, secret) => write(() => isActive(user) && begin.run(user, secret).changes > 0),
    confirmSecondFactor: (user, { secret, step }, recoveryHashes) =>
      write(() => {
        if (!isActive(user) || confirm.run(step, user, secret).changes === 0) return false;
        for (const hash of recoveryHashes) addCode.run(user, hash);
        return true;
      }),
    useSecondFactorStep: (user, step) => write(() => takeStep.run(step, user, step).changes > 0),
    useRecoveryCode: (user, hash) => write(() => takeCode.run(user, hash).changes > 0),
    removeSecondFactor: (user) =>
      write(() => {
        if (!isActive(user)) return false;
        removeCodes.run(user);
        removeFactor.run(user);
        return true;
      }),
  };
}
