import { parseArgs } from 'node:util';

/** Values of `--classic`. Each changes an answer, because some textbook clients expect the other form. */
const variants = ['long-polling', 'htmlfile'] as const;
type Variant = (typeof variants)[number];

/** The options of `npm run classic`, parsed. */
export interface ClassicOptions {
  /** Port of the HTTP servers, which echo over WebSocket too; 0 lets the system choose. */
  readonly port: number;
  /** Further ports that echo over WebSocket and serve nothing else. */
  readonly webSocketPorts: readonly number[];
  readonly host: string;
  /** The only origin whose pages may read `/cors`. */
  readonly origin: string;
  /** Milliseconds from one message of a stream to the next, and from one piece of news to the next. */
  readonly intervalMs: number;
  readonly variants: ReadonlySet<Variant>;
}

/** The text of `--help`. */
export const USAGE = `npm run classic -- [options]: the servers that tutorials on web messaging talk to

  --classic long-polling   /time is held until there is news
  --classic htmlfile       /htmlfile calls parent.callback.process instead of parent.process
  --interval MS            the pace of news and streams, 10 to 60000 (default 2000)
  --origin ORIGIN          the one origin that may read /cors (default http://localhost)
  --ws-ports A,B           further ports for the WebSocket echo (default 9998,8081); '' for none
  --host ADDRESS           where to listen (default 127.0.0.1; 0.0.0.0 for all addresses)
  --help                   prints this

PORT=8088 is the port of everything else.`;

/** An error in the command line or the environment, in one line. */
export class OptionError extends Error {}

/**
 * Returns the options, or `null` if `--help` was given.
 *
 * @throws OptionError
 */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ClassicOptions | null {
  const { values } = parse(args);
  if (values.help) return null;
  const origin = values.origin ?? 'http://localhost';
  if (!isOrigin(origin)) throw new OptionError(`--origin ${origin} is not an origin such as http://localhost:3000`);
  return {
    port: portOf('PORT', env['PORT'] ?? '8088'),
    webSocketPorts: (values['ws-ports'] ?? '9998,8081')
      .split(',')
      .filter((port) => port !== '')
      .map((port) => portOf('--ws-ports', port)),
    host: values.host ?? '127.0.0.1',
    origin,
    intervalMs: numberOf('--interval', values.interval ?? '2000', 10, 60_000),
    variants: new Set((values.classic ?? []).map(variantOf)),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        classic: { type: 'string', multiple: true },
        interval: { type: 'string' },
        origin: { type: 'string' },
        'ws-ports': { type: 'string' },
        host: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function portOf(name: string, text: string): number {
  return numberOf(name, text, 0, 65_535);
}

function numberOf(name: string, text: string, least: number, most: number): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new OptionError(`${name} ${text} is not a number from ${least} to ${most}`);
  return number;
}

function variantOf(text: string): Variant {
  const variant = variants.find((each) => each === text);
  if (variant === undefined) throw new OptionError(`--classic ${text} is neither of ${variants.join(', ')}`);
  return variant;
}
