/** What to do instead of setting an option of another library, by its name. */
export type ForeignOptions = Readonly<Record<string, string>>;

/**
 * Returns the options that are set. One whose value is `undefined` counts as absent.
 *
 * @param place what precedes the names in errors, such as `limits.`
 * @param known all names. A literal of this type does not compile without a new option
 * @param foreign options of the library that the caller may be used to
 * @throws TypeError for an option that is not known, with the nearest known name
 */
export function knownOptions<Options extends object>(
  place: string,
  options: Options,
  known: Readonly<Record<keyof Options, unknown>>,
  foreign: ForeignOptions = {},
): Options {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${place}options: must be an object`);
  refuseUnknown(place, options, known, foreign);
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options;
}

/**
 * Refuses options that are not known, like `knownOptions`, for calls that are made often.
 *
 * @throws TypeError for an option that is not known, with the nearest known name
 */
export function refuseUnknown<Options extends object>(
  place: string,
  options: Options,
  known: Readonly<Record<keyof Options, unknown>>,
  foreign: ForeignOptions = {},
): void {
  for (const name in options)
    if (!Object.hasOwn(known, name) && options[name] !== undefined)
      throw new TypeError(unknownText(place, name, known, foreign));
}

function unknownText(place: string, name: string, known: object, foreign: ForeignOptions): string {
  if (Object.hasOwn(foreign, name)) return `${place}${name}: is not an option here; ${foreign[name]}`;
  return `${place}${name}: is not an option; did you mean ${place}${nearest(name, Object.keys(known))}?`;
}

/** Returns the nearest known name. The order of the words and their case do not count: `maxMessageBytes` is `messageBytesMax`. */
function nearest(name: string, known: readonly string[]): string {
  const distances = known.map((one) =>
    Math.min(editDistance(name.toLowerCase(), one.toLowerCase()), editDistance(sorted(name), sorted(one))),
  );
  return known[distances.indexOf(Math.min(...distances))] as string;
}

function sorted(name: string): string {
  const words = name.slice(0, NAME_LENGTH_MAX).match(/[A-Z]?[a-z0-9]+|[A-Z]+/g) ?? [];
  return words
    .map((word) => word.toLowerCase())
    .sort()
    .join('');
}

/** The comparison takes time in proportion to the length. Longer names are compared by their beginning. */
const NAME_LENGTH_MAX = 64;

/** Returns how many characters must be added and removed. A replacement counts as both, because most wrong names lack a part. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [at, character] of [...from.slice(0, NAME_LENGTH_MAX)].entries()) {
    const next = [at + 1];
    for (let index = 0; index < to.length; index++) {
      const replaced = (row[index] as number) + (to[index] === character ? 0 : 2);
      next.push(Math.min(replaced, (row[index + 1] as number) + 1, (next[index] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}
