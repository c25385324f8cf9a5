import { ConfigError } from './read-config.js';

interface SystemError extends Error {
  readonly code: string;
  /** Of a failure to listen. */
  readonly port?: number;
}

/** What an operator can do about a start that failed, in one line; `null` for what is a defect of ours and needs its stack. */
export function startErrorLine(
  error: unknown,
  target: { readonly port: number; readonly host: string },
): string | null {
  if (error instanceof ConfigError) return error.message;
  if (!isSystemError(error)) return null;
  const { port = target.port } = error;
  const setting = port === target.port ? 'PORT' : 'EVERYWIRE_TCP_PORT';
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use. Stop the program that has it, or set ${setting} to another.`;
    case 'EACCES':
      return `${setting} is ${port}, where this user may not listen. Set ${setting} to 1024 or above.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `HOST is "${target.host}", which is not an address of this machine. Leave it empty for every address.`;
    case 'jwt_key_unusable':
      return `EVERYWIRE_JWT_KEY cannot be used with EVERYWIRE_JWT_ALGORITHM: ${error.message}`;
    case 'limits_differ':
      return error.message;
    case 'broker_unreachable':
      return `broker_unreachable: ${error.message}`;
    case 'full':
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return `The disk is full, and something that has to be made first is not there (${error.message}). Free some space and start again.`;
    default:
      // Errors of the store carry a code of their own and a message that names the file and the remedy.
      return error.code.startsWith('store_') ? error.message : null;
  }
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && typeof Reflect.get(error, 'code') === 'string';
}
