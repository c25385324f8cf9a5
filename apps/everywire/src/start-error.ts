import { ConfigError } from './read-config.js';

interface SystemError extends Error {
  readonly code: string;
  /** Set when listening failed. */
  readonly port?: number;
}

/**
 * Returns one line with the remedy for a failed start; `null` for a defect of the program, whose stack must be shown.
 */
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
      return `Port ${port} is in use. Stop the other program, or set ${setting} to another port.`;
    case 'EACCES':
      return `No permission to listen on port ${port}. Set ${setting} to 1024 or higher.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `HOST is "${target.host}", which is not an address of this machine. Leave it empty to listen on all addresses.`;
    case 'jwt_key_unusable':
      return `EVERYWIRE_JWT_KEY cannot be used with EVERYWIRE_JWT_ALGORITHM: ${error.message}`;
    case 'limits_differ':
    case 'files_foreign':
      return error.message;
    case 'broker_unreachable':
      return `broker_unreachable: ${error.message}`;
    case 'full':
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return `The disk is full, so a file needed at start could not be created (${error.message}). Free some space and start again.`;
    default:
      // Errors of the store have their own codes, and a message that names the file and the remedy.
      return error.code.startsWith('store_') ? error.message : null;
  }
}

function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && typeof Reflect.get(error, 'code') === 'string';
}
