import Type from 'typebox';
import { setting } from './setting.js';
import { natsServer, postgresDatabase } from './setting-shapes.js';

/** The settings for where data is stored. */
export const storeSettings = {
  EVERYWIRE_DATA: setting(
    Type.String({ minLength: 1, maxLength: 4_096 }),
    './data',
    'the path of a directory',
    'Directory for all data. Created if missing, readable only by the user the server runs as.',
  ),
  EVERYWIRE_SQLITE: setting(
    Type.Enum(['auto', 'node', 'better-sqlite3']),
    'auto',
    '`auto`, `node` or `better-sqlite3`',
    'SQLite library to use: the one built into Node, or the package better-sqlite3. `auto`: the built-in one where Node has it (22.16 and later). Each can open files written by the other.',
  ),
  EVERYWIRE_POSTGRES: {
    ...setting(
      Type.Union([Type.Literal(''), postgresDatabase]),
      '',
      'an address such as postgres://user:password@db.example.org/everywire',
      'PostgreSQL database for accounts and messages. Several servers can share it. Empty: SQLite in `EVERYWIRE_DATA`.',
    ),
    secret: true,
  },
  EVERYWIRE_NATS: {
    ...setting(
      Type.Array(natsServer, { maxItems: 20 }),
      [],
      'addresses such as nats://user:password@one.example.org:4222, separated by commas',
      'NATS servers that carry messages between several servers over one PostgreSQL database. Empty: the database does that too.',
    ),
    secret: true,
  },
} as const;
