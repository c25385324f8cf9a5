/**
 * Seeded text as people write it: 60 % Chinese, 25 % in Latin letters, 10 % mixed, 3 % kana, 2 % Korean, words by
 * Zipf's law, 47 bytes a message on average. Characters are drawn by frequency too, so that a few stand in nearly every
 * message.
 */
import { createRandom } from '@everywire/testkit/internal';

const syllables =
  'ba be bi bo da de di do fa fi ga go ha he hi ka ke ki ko la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro sa se si so ta te ti to va ve wa we ya yo za zo'.split(
    ' ',
  );

/** Draws 0 to `count - 1`, the lower the likelier. */
function zipf(count, random) {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank += 1) {
    sum += 1 / (rank + 2.7);
    sums[rank] = sum;
  }
  return () => {
    const wanted = random.next() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function madeOf(count, lengthOf, pieceOf) {
  return Array.from({ length: count }, (_, index) => {
    let word = '';
    for (let length = lengthOf(index); length > 0; length -= 1) word += pieceOf(index);
    return word;
  });
}

/** The words of one language each, and `text()`. The vocabulary is the same for every seed. */
export function createText(seed) {
  const base = createRandom(12_345);
  const character = zipf(3_500, base);
  const pick = () => String.fromCharCode(0x4e00 + character() * 5);
  const between = (low, high) => low + base.below(high - low + 1);
  const chinese = madeOf(
    20_000,
    (index) => (index < 120 ? 1 : [1, 2, 2, 2, 2, 2, 2, 3, 3, 4][base.below(10)]),
    (index) => (index < 120 ? String.fromCharCode(0x4e00 + index * 5) : pick()),
  );
  const latin = madeOf(
    20_000,
    () => between(1, 4),
    () => base.pick(syllables),
  );
  const kana = madeOf(
    3_000,
    () => between(2, 4),
    () => String.fromCharCode(0x3041 + base.below(80)),
  );
  const korean = madeOf(
    3_000,
    () => between(1, 3),
    () => String.fromCharCode(0xac00 + base.below(2_000)),
  );

  const random = createRandom(seed);
  const [common, few] = [zipf(20_000, random), zipf(3_000, random)];
  const words = (from, draw, blank, length) => {
    let text = from[draw()];
    for (let more = 1; more < length; more += 1) text += blank + from[draw()];
    return text;
  };
  const text = () => {
    const kind = random.next();
    const length = Math.max(1, Math.floor(-Math.log(1 - random.next()) * 9));
    if (kind < 0.6) return words(chinese, common, '', length);
    if (kind < 0.85) return words(latin, common, ' ', length);
    if (kind < 0.95)
      return `${words(chinese, common, '', length >> 1)} ${words(latin, common, ' ', (length >> 2) + 1)} ${words(chinese, common, '', 2)}`;
    if (kind < 0.98) return words(kana, few, '', length);
    return words(korean, few, ' ', length);
  };
  return { text, random, chinese, latin, kana, korean };
}
