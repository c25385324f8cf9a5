import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate for `localhost` and 127.0.0.1 with its key, both PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority for tests, created by openssl and not trusted by default. */
export interface TestAuthority {
  /** The path of the authority's certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string;
  readonly cert: string;
  /** Its public key hash for Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly spki: string;
  issue(): TestCertificate;
  /** Removes its files. */
  close(): void;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Creates an authority in a temporary directory. */
export function createTestAuthority(): TestAuthority {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-authority-'));
  const at = (name: string): string => join(directory, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const subject = ['-subj', '/CN=Everywire test authority'];
  openssl('req', '-x509', ...NEW_KEY, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-days', '2', ...subject);
  writeFileSync(at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  const cert = readFileSync(at('ca.pem'), 'utf8');
  const publicKey = createPublicKey(cert).export({ type: 'spki', format: 'der' });
  let serial = 0;

  return {
    file: at('ca.pem'),
    cert,
    spki: createHash('sha256').update(publicKey).digest('base64'),
    issue(): TestCertificate {
      serial += 1;
      openssl('req', ...NEW_KEY, '-keyout', at('leaf.key'), '-out', at('leaf.csr'), '-subj', '/CN=localhost');
      openssl(
        ...['x509', '-req', '-in', at('leaf.csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-days', '2'],
        ...['-set_serial', String(serial), '-extfile', at('names'), '-out', at('leaf.pem')],
      );
      // The full chain, which a server must send.
      return { cert: readFileSync(at('leaf.pem'), 'utf8') + cert, key: readFileSync(at('leaf.key'), 'utf8') };
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}
