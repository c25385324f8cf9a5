import { isWhole } from './counts.js';

/**
 * Fields of the records that a server sends on a two-way link. Each is a kind (`n` whole number, `p` positive number,
 * `s` text of 1 to 8192 units, `l` longer text, `b` boolean, or a capital for a nested block), then `?` if it is
 * optional, then the name. The counts `C` are fields of the record itself. Optional echoes of client fields are only
 * compared and so are not listed.
 */
export const serverFields: Record<string, string> = {
  opened: 'sid nreceived Llimits s?features',
  attached: 'nfirst nn ninstance C',
  ack: 'C',
  ping: 'nat C',
  superseded: 'nn bsame',
  closed: 'bclean scode nack',
  refused: 'scode n?retryAfterMs',
  reset: 'stopic nno',
};
const blocks: Readonly<Record<string, string>> = {
  C: 'nack nreceived nseen nsent nsum n?last n?lastSum n?want n?partial',
  L: 'pmessageBytesMax pbatchMessagesMax pbatchBytesMax Wup Wdown pheartbeatMs pheartbeatHiddenMs',
  W: 'pmessages pbytes',
};

type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns the parsed value if it has all fields of its record type, `ignored` for an unknown type, otherwise
 * `malformed`.
 */
export function checkRecord(value: unknown, fields: Readonly<Record<string, string>>): unknown {
  const name = (value as Fields | null)?.['t'];
  if (typeof name !== 'string') return 'malformed';
  if (!Object.hasOwn(fields, name)) return 'ignored';
  return hasAll(value, fields[name] as string) ? value : 'malformed';
}

/** Returns whether the value has all the listed fields, in the notation of `serverFields`. */
export function hasAll(value: unknown, fields: string): boolean {
  return fields.split(' ').every((field) => has(value as Fields | null | undefined, field));
}

function has(record: Fields | null | undefined, field: string): boolean {
  const kind = field[0] as string;
  const optional = field[1] === '?';
  const found = record?.[field.slice(optional ? 2 : 1)];
  const block = blocks[kind];
  if (block) return hasAll(field.slice(1) ? found : record, block);
  if (found === undefined) return optional;
  if (kind === 's') return typeof found === 'string' && found !== '' && found.length <= 8192;
  if (kind === 'l') return typeof found === 'string';
  return kind === 'b' ? typeof found === 'boolean' : isWhole(found) && (kind === 'n' || found > 0);
}
