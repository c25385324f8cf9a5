import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, expect, test } from 'vitest';
import { createPrintingMailer, createSmtpMailer } from './mailers.js';

const servers: SMTPServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise<void>((resolve) => server.close(resolve));
});

/** A mail that the server has received. */
interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string;
  readonly text: string;
}

/** Starts a real SMTP server that requires a user name and a password. */
async function listen(received: Received[]): Promise<number> {
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss' ? done(null, { user: username ?? '' }) : done(new Error('refused')),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        received.push({ from, to, user: String(session.user), text: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return (server.server.address() as AddressInfo).port;
}

const mail = { to: 'ann@example.org', subject: '小院: new password', text: 'https://chat.example.org/#/reset/ewl_x\n' };

test('hands mail to an SMTP server, signed in, as plain text', async () => {
  const received: Received[] = [];
  const port = await listen(received);
  const mailer = await createSmtpMailer(`smtp://ann:p%40ss@127.0.0.1:${port}`, 'Chat <chat@example.org>');
  expect(mailer.needsAddress).toBe(true);
  await mailer.send(mail);
  expect(received).toMatchObject([{ from: 'chat@example.org', to: ['ann@example.org'], user: 'ann' }]);
  const text = received[0]?.text ?? '';
  expect(text).toContain('From: Chat <chat@example.org>');
  expect(text).toContain('https://chat.example.org/#/reset/ewl_x');
  expect(text).toContain('Content-Type: text/plain');
  expect(text).toMatch(/^Subject: =\?UTF-8\?/m);
});

test('one address remains one recipient, regardless of its characters', async () => {
  const received: Received[] = [];
  const mailer = await createSmtpMailer(`smtp://ann:p%40ss@127.0.0.1:${await listen(received)}`, 'chat@example.org');
  await mailer.send({ ...mail, to: 'a,b@example.org' }).catch(() => undefined);
  await mailer.send({ ...mail, to: 'a@example.org\r\nBcc: b@example.org' }).catch(() => undefined);
  expect(received.flatMap(({ to }) => to).filter((address) => address === 'b@example.org')).toEqual([]);
  expect(received.every(({ to }) => to.length <= 1)).toBe(true);
  expect(received.map(({ text }) => text).join('\n')).not.toMatch(/^Bcc:/m);
});

test('rejects if the mail server refuses or is not running', async () => {
  const received: Received[] = [];
  const port = await listen(received);
  await expect((await createSmtpMailer(`smtp://ann:wrong@127.0.0.1:${port}`, 'a@b.c')).send(mail)).rejects.toThrow();
  await new Promise<void>((resolve) => servers.pop()?.close(resolve));
  await expect((await createSmtpMailer(`smtp://127.0.0.1:${port}`, 'a@b.c')).send(mail)).rejects.toThrow(
    /ECONNREFUSED/,
  );
  expect(received).toEqual([]);
});

test('a password is not sent in clear text to another machine without TLS', async () => {
  const received: Received[] = [];
  // This address reaches this machine, but is not a loopback address.
  const host = `0.0.0.0:${await listen(received)}`;
  const mailer = await createSmtpMailer(`smtp://ann:p%40ss@${host}`, 'chat@example.org');
  await expect(mailer.send(mail)).rejects.toThrow(/STARTTLS/i);
  const demanding = await createSmtpMailer(`smtp://${host}?requireTLS=true`, 'chat@example.org');
  await expect(demanding.send(mail)).rejects.toThrow(/STARTTLS/i);
  expect(received).toEqual([]);
  const allowed = await createSmtpMailer(`smtp://ann:p%40ss@${host}?requireTLS=false`, 'chat@example.org');
  await allowed.send(mail);
  expect(received).toHaveLength(1);
});

test('without a mail server the link of a mail is printed', async () => {
  const printed: string[] = [];
  const mailer = createPrintingMailer((text) => void printed.push(text));
  await mailer.send({ ...mail, to: 'ann\u001b[2J' });
  expect(mailer.needsAddress).toBe(false);
  expect(printed).toEqual([
    'No mail server configured (EVERYWIRE_SMTP_URL). Forward this to ann [2J, "小院: new password":\n',
    '  https://chat.example.org/#/reset/ewl_x\n',
  ]);
});
