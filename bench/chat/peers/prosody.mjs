import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '@everywire/store-sqlite/internal';
import { freePort } from '../../free-port.mjs';
import { startPeer } from './peer-process.mjs';

/** The documented configuration, reduced to what direct messages require. */
const configuration = ({ directory, port, archive }) => `
run_as_root = true
pidfile = "${directory}/prosody.pid"
data_path = "${directory}/data"
log = { error = "${directory}/error.log" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
c2s_direct_tls_ports = {}
s2s_ports = {}
http_ports = {}
https_ports = {}
modules_enabled = { "saslauth", "smacks", "mam" }
modules_disabled = { "tls", "s2s", "offline" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
default_archive_policy = true
storage = { archive = "${archive}" }
sql = { driver = "SQLite3", database = "archive.sqlite" }
VirtualHost "localhost"
`;

const parts = [
  { package: 'prosody', file: '/usr/bin/prosody' },
  { package: 'lua-dbi-sqlite3', file: '/usr/share/lua/5.4/DBI.lua' },
];

/** @param archive `internal`: a text file for each person; `sql`: SQLite by its defaults, a commit for each copy */
export const prosody = (archive) => ({
  parts,
  start: async ({ directory }, { users, password }) => {
    const port = await freePort();
    const accounts = join(directory, 'data/localhost/accounts');
    mkdirSync(accounts, { recursive: true });
    for (const user of users)
      writeFileSync(join(accounts, `person${user}.dat`), `return {\n\t["password"] = "${password}";\n};\n`);
    const config = join(directory, 'prosody.cfg.lua');
    writeFileSync(config, configuration({ directory, port, archive }));
    return startPeer({ command: 'prosody', args: ['-F', '--config', config], directory, port });
  },
  /** Counts the copies in the archive, two per message. */
  countCopies: async ({ directory }) => {
    if (archive === 'internal') return countItems(join(directory, 'data/localhost/archive'));
    const database = openDatabase(join(directory, 'data/archive.sqlite'));
    const count = database.prepare('SELECT count(*) FROM prosodyarchive').pluck().get();
    database.close();
    return count;
  },
});

function countItems(folder) {
  if (!existsSync(folder)) return 0;
  const lists = readdirSync(folder).filter((name) => name.endsWith('.list'));
  const itemsOf = (name) => readFileSync(join(folder, name), 'utf8').match(/^item\(/gm)?.length ?? 0;
  return lists.reduce((sum, name) => sum + itemsOf(name), 0);
}
