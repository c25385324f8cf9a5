import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { type ChatServer, createChatServer, type Logger } from '@everywire/chat-server';
import { openAttachments } from './attachments.js';
import { endWithNpx } from './end-with-npx.js';
import { jwtOf, openIdOf } from './identity-settings.js';
import { createLineLog } from './line-log.js';
import { createPrintingMailer, createSmtpMailer } from './mailers.js';
import { offerSetUp } from './offer-set-up.js';
import { openBroker } from './open-broker.js';
import { openStore } from './open-store.js';
import { isOwnMachineOnly, PLAIN_HTTP_NOTE } from './plain-http.js';
import { readConfig } from './read-config.js';
import { readyAddress } from './ready-address.js';
import { rootNote } from './root-note.js';
import { serverSettings } from './server-settings.js';
import { SessionsFile } from './sessions-file.js';
import type { Config } from './settings.js';
import { stopOnSignal } from './shutdown.js';
import { startErrorLine } from './start-error.js';
import { isKeyOpenToAll, readTlsFiles, type TlsPaths, tlsPathsOf, watchTlsFiles } from './tls-files.js';

const packageFile = new URL('../package.json', import.meta.url);
const pageDirectory = fileURLToPath(new URL('../dist/page', import.meta.url));

async function start(config: Config, isNew: boolean): Promise<void> {
  const log = createLineLog(config.EVERYWIRE_LOG, (line) => process.stdout.write(line));
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { readonly version: string };
  const tlsPaths = tlsPathsOf(config);
  const asRoot = rootNote(process.geteuid?.());
  if (asRoot !== null) log.warn(asRoot);
  const opened = await openStore({ config, isNew, log, version });
  const { store } = opened;
  const broker = await openBroker(config, store, log);
  const attachments = await openAttachments(config, store, isNew);
  const found = { publicUrl: config.EVERYWIRE_PUBLIC_URL };
  const server = await createChatServer({
    ...serverSettings(config, version),
    tls: tlsPaths === null ? null : readTlsFiles(tlsPaths),
    store,
    accounts: store,
    ...(attachments !== null && { attachments }),
    ...(broker !== null && { broker }),
    mailer:
      config.EVERYWIRE_SMTP_URL === ''
        ? createPrintingMailer((text) => void process.stdout.write(text))
        : await createSmtpMailer(config.EVERYWIRE_SMTP_URL, config.EVERYWIRE_MAIL_FROM),
    publicUrl: () => found.publicUrl,
    jwt: jwtOf(config),
    openId: openIdOf(config),
    isStoreHealthy: () => opened.health().lastCommitOk,
    isStoreDamaged: opened.isDamaged,
    isDiskFull: () => opened.health().isDiskFull,
    onDiskFull: opened.onDiskFull,
    lastWrittenAt: opened.lastWrittenAt,
    onClock: opened.onClock,
    pageDirectory,
    log,
  });
  if (!server.pageServed) log.warn(`No web page in ${pageDirectory}. Run npm run build`);

  const tcpPort = config.EVERYWIRE_TCP_PORT === 'off' ? null : config.EVERYWIRE_TCP_PORT;
  const sessions = new SessionsFile(resolve(config.EVERYWIRE_DATA), log);
  sessions.takeUp(server);
  const address = await server.listen({ port: config.PORT, host: config.HOST, tcpPort }).catch((error: unknown) => {
    sessions.putBack();
    throw error;
  });
  if (server.tcpAddress !== null) log.info(`Listening for raw TCP on port ${server.tcpAddress.port}`);
  if (tlsPaths !== null) keepTls(tlsPaths, server, log);
  stopOnSignal(
    async (signal) => {
      log.info(`${signal}: saving the sessions`);
      await sessions.leave(server);
      // No drain time, because clients reconnect to the next process.
      await server.close({ deadlineMs: 0 });
      log.info('Closing the store');
      await attachments?.files.close();
      await broker?.close();
      await store.close();
      log.info('Stopped');
    },
    (error) => log.error('Stopping failed.', error),
  );
  const ready = readyAddress(config.HOST, address, tlsPaths !== null);
  process.stdout.write(`Everywire is ready at ${ready}\n`);
  found.publicUrl ||= ready;
  offerSetUp(server, found.publicUrl, log);
  if (tlsPaths === null && !isOwnMachineOnly(config.HOST)) process.stdout.write(`${PLAIN_HTTP_NOTE}\n`);
}

/** Reloads certificate and key when their files change, as long as the process runs. */
function keepTls(paths: TlsPaths, server: ChatServer, log: Logger): void {
  if (isKeyOpenToAll(paths)) log.warn(`Every user of this machine can read ${paths.key}. Fix it with chmod o-r`);
  watchTlsFiles(paths, {
    onChange: (pair) => {
      server.setTls(pair);
      log.info(`${paths.cert} and its key were reloaded; new connections use them`);
    },
    onUnusable: (error) => log.error(`${error.message} The previous certificate stays in use.`),
  });
}

function refuse(error: unknown, target: { readonly port: number; readonly host: string }): never {
  const line = startErrorLine(error, target);
  process.stderr.write(
    line === null ? `Everywire cannot start. ${inspect(error)}\n` : `Everywire cannot start: ${line}\n`,
  );
  process.exit(1);
}

endWithNpx();
const target = { port: 0, host: '' };
try {
  const config = readConfig(process.env);
  Object.assign(target, { port: config.PORT, host: config.HOST });
  await start(config, process.argv.includes('--new'));
} catch (error) {
  refuse(error, target);
}
