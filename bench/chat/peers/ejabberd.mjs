import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../free-port.mjs';
import { startPeer } from './peer-process.mjs';

const configuration = ({ directory, port, archive }) => `
loglevel: error
hosts: [localhost]
listen:
  - {port: ${port}, ip: "127.0.0.1", module: ejabberd_c2s}
auth_method: mnesia
auth_password_format: plain
sql_type: sqlite
sql_database: "${directory}/archive.sqlite"
modules:
  mod_stream_mgmt: {}
  mod_mam: {default: always, db_type: ${archive}}
`;

const parts = [
  { package: 'ejabberd', file: '/usr/sbin/ejabberdctl' },
  { package: 'erlang-p1-sqlite3', file: '/usr/lib/erlang/lib/p1_sqlite3-1.1.14/priv/sqlite3_drv.so' },
];

/**
 * Started by Erlang itself and not by `ejabberdctl`, which would take the system's user and directories.
 * @param archive `mnesia`, its default: a table on disk only; `sql`: SQLite by its defaults
 */
export const ejabberd = (archive) => ({
  parts,
  start: async (place, { users, password }) => {
    const register = `[ejabberd_auth:try_register(iolist_to_binary(["person", integer_to_list(N)]), <<"localhost">>, <<"${password}">>) || N <- lists:seq(${users[0]}, ${users.at(-1)})]`;
    return startErlang(place, await freePort(), archive, `${register}, io:format("ready~n")`);
  },
  /**
   * Counts the copies in the archive, two per message. Asks the restarted server, because only it can read its tables.
   */
  countCopies: async (place) => {
    const count =
      archive === 'mnesia'
        ? 'mnesia:wait_for_tables([archive_msg], infinity), mnesia:table_info(archive_msg, size)'
        : '{selected, _, [[N]]} = ejabberd_sql:sql_query(<<"localhost">>, <<"SELECT count(*) FROM archive">>), N';
    const server = await startErlang(
      place,
      await freePort(),
      archive,
      `io:format("copies ~p~nready~n", [begin ${count} end])`,
    );
    await server.end('SIGKILL');
    return Number(/^copies \D*(\d+)/m.exec(server.said())[1]);
  },
});

function startErlang({ directory }, port, archive, evaluate) {
  const config = join(directory, 'ejabberd.yml');
  writeFileSync(config, configuration({ directory, port, archive }));
  return startPeer({
    command: 'erl',
    // Without a name, so that no daemon of Erlang's is left running.
    args: [
      '+K',
      'true',
      '-noinput',
      '-mnesia',
      'dir',
      `"${directory}/mnesia"`,
      '-s',
      'ejabberd',
      '-eval',
      `${evaluate}.`,
    ],
    env: {
      EJABBERD_CONFIG_PATH: config,
      EJABBERD_LOG_PATH: join(directory, 'ejabberd.log'),
      ERL_LIBS: '/usr/lib/x86_64-linux-gnu',
    },
    directory,
    port,
    isReady: (said) => /^ready$/m.test(said),
  });
}
