export const MESSAGES_EACH_WAY = 200;
/**
 * The most messages that either end has in flight: few enough that faults fall into the traffic, enough for batches.
 */
export const UNDER_WAY = 12;

/** Returns the content of message `number`: five kinds in turn, each with its number in it. */
export function contentOf(number: number): string | Uint8Array {
  switch (number % 5) {
    case 0:
      return `${number} 你好 é 😀 \ud83d\ude00 ﷽`;
    case 1:
      return `\0${number}\0 begins with U+0000`;
    case 2:
      return `${number} \u2028\u2029\r\n</script>\ufeff"\\`;
    case 3:
      return Uint8Array.from({ length: 259 }, (_, at) => (at === 0 ? number >> 8 : at === 1 ? number : at - 3));
    default:
      return `${number} ${'long '.repeat(200)}`;
  }
}

/** Returns the number in such a content, even if it was altered. */
function numberOf(content: string | Uint8Array): number {
  if (typeof content !== 'string') return content[0]! * 256 + content[1]!;
  return Number(/\d+/.exec(content)?.[0]);
}

/** The faults of one direction; all zero is the promise (SN-1). */
export interface Faultless {
  readonly received: number;
  readonly lost: number;
  readonly repeated: number;
  readonly outOfOrder: number;
  /** The right number with other content. */
  readonly altered: number;
}

export function judge(received: readonly (string | Uint8Array)[]): Faultless {
  const numbers = received.map(numberOf);
  const distinct = new Set(numbers);
  const expected = Array.from({ length: MESSAGES_EACH_WAY }, (_, at) => at + 1);
  return {
    received: received.length,
    lost: expected.filter((number) => !distinct.has(number)).length,
    repeated: numbers.length - distinct.size,
    outOfOrder: numbers.filter((number, at) => at > 0 && number < numbers[at - 1]!).length,
    altered: received.filter((content, at) => !isSame(content, contentOf(numbers[at]!))).length,
  };
}

function isSame(one: string | Uint8Array, other: string | Uint8Array): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other;
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
