import type { Mailer } from '@everywire/chat-server';

/** The timeout of each step of the mail server, ms. */
const TIMEOUT_MS = 10_000;

/**
 * Creates a mailer over SMTP. A password is sent to another machine only over TLS, because an attacker in between could
 * hide that the server offers TLS. The query `?requireTLS=` of the address overrides this. The mail library is loaded
 * only here, to save its cost without mail.
 */
export async function createSmtpMailer(url: string, from: string): Promise<Mailer> {
  const { createTransport } = await import('nodemailer');
  const timeouts = { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS };
  const transport = createTransport({ url, requireTLS: demandsTls(url), ...timeouts }, { from });
  return {
    needsAddress: true,
    send: async ({ to, subject, text }) => {
      // An address in an object is used literally; a string could be parsed as a list.
      await transport.sendMail({ to: { name: '', address: to }, subject, text });
    },
  };
}

function demandsTls(url: string): boolean {
  const { username, password, hostname } = new URL(url);
  return username + password !== '' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** Creates a mailer that prints mail when no mail server is set. It bypasses the log, which would remove the secret. */
export function createPrintingMailer(write: (text: string) => void): Mailer {
  return {
    needsAddress: false,
    send: async ({ to, subject, text }) => {
      const lines = text.split('\n').filter((line) => line.includes('/#/'));
      write(
        `No mail server configured (EVERYWIRE_SMTP_URL). Forward this to ${printable(to)}, "${printable(subject)}":\n`,
      );
      for (const line of lines) write(`  ${line}\n`);
    },
  };
}

function printable(text: string): string {
  return text.replace(/\p{C}/gu, ' ');
}
