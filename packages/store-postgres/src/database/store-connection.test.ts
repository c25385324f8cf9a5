import { describe, expect, it } from 'vitest';
import { connectionOptions } from './store-connection.js';

describe('the address of a database', () => {
  it.each(['', '?sslmode=require&sslrootcert=/ca.pem', '?host=/var/run/postgresql&user=ann'])(
    'may end in "%s"',
    (end) => {
      expect(connectionOptions(`postgres://db/everywire${end}`)).toMatchObject({ application_name: 'everywire' });
    },
  );

  it.each([
    'options=-c%20statement_timeout=0',
    'application_name=mine',
    'query_timeout=0',
    'sslmode=require&keepAlive=',
    'pipeline=',
  ])('must not replace a setting of this program: %s', (parameters) => {
    expect(() => connectionOptions(`postgres://db/everywire?${parameters}`)).toThrow(
      /^The address .* Possible are host/,
    );
  });

  it('must not have the password as a parameter, and an error does not show it', () => {
    const error = 'The address of the database has the parameter "password". Write the password before the @.';
    expect(() => connectionOptions('postgres://db/everywire?password=hunter2')).toThrow(error);
  });
});
