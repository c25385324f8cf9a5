import type { Mailer } from '@everywire/chat-server';

/** Milliseconds for each step of a mail server that does not answer. */
const timeoutMs = 10_000;

/**
 * Sends mail over SMTP. A password goes to another machine over TLS only: whoever is in between could hide that the server offers it. The query
 * `?requireTLS=` of the address overrides that, either way. The library is loaded here, so that who sends no mail does not pay for it.
 */
export async function createSmtpMailer(url: string, from: string): Promise<Mailer> {
  const { createTransport } = await import('nodemailer');
  const timeouts = { connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs };
  const transport = createTransport({ url, requireTLS: demandsTls(url), ...timeouts }, { from });
  return {
    needsAddress: true,
    send: async ({ to, subject, text }) => {
      // As an object an address is taken as it is, not as a list with names in it.
      await transport.sendMail({ to: { name: '', address: to }, subject, text });
    },
  };
}

function demandsTls(url: string): boolean {
  const { username, password, hostname } = new URL(url);
  return username + password !== '' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** Where no mail server is set: what would be sent is printed, past the log, which would take the secret out. */
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
