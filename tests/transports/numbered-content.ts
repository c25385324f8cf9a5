/** Number of messages in each direction of a conversation. */
export const MESSAGES_EACH_WAY = 200;
/** The most messages that either end has in flight. Few, so that faults happen during the traffic, but enough for batches. */
export const UNDER_WAY = 12;

/** Returns the content of message `number`. There are five kinds of content in turn, and each contains the number. */
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

/** The numbers of faulty messages in one direction. All must be zero (SN-1). */
export interface Faultless {
  readonly received: number;
  readonly lost: number;
  readonly repeated: number;
  readonly outOfOrder: number;
  /** Messages with a valid number and another content. */
  readonly altered: number;
}

/** Compares the received messages with the sent ones. */
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
