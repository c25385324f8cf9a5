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
