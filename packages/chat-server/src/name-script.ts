/** Scripts (writing systems) in daily use for names (Unicode Standard Annex 31, table 5). A name uses one of them. */
const scripts = [
  ...[
    'Arabic',
    'Armenian',
    'Bengali',
    'Bopomofo',
    'Cyrillic',
    'Devanagari',
    'Ethiopic',
    'Georgian',
    'Greek',
    'Gujarati',
  ],
  ...['Gurmukhi', 'Han', 'Hangul', 'Hebrew', 'Hiragana', 'Kannada', 'Katakana', 'Khmer', 'Lao', 'Latin', 'Malayalam'],
  ...['Myanmar', 'Oriya', 'Sinhala', 'Tamil', 'Telugu', 'Thaana', 'Thai', 'Tibetan'],
];
/** Scripts that one name may mix (Unicode Technical Standard 39, "highly restrictive"). */
const together = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
];
/**
 * Characters permitted in names of every script (Unicode Technical Standard 39, status "recommended"). Other common
 * characters may resemble these, as the Arabic tatweel resembles a hyphen among other letters.
 */
const COMMON = '0-9._\\-\\u02b9-\\u02bc';
/** One pattern for each script or mix of scripts. A name must match one of them. */
const writtenIn = [...together, ...scripts.map((script) => [script])].map((group) => {
  const properties = group.map((script) => `\\p{scx=${script}}`).join('');
  return new RegExp(`^[${properties}${COMMON}\\p{sc=Inherited}]+$`, 'u');
});

/**
 * Latin, Greek, Cyrillic and Armenian letters that resemble an ASCII character: those whose prototype in Unicode's
 * `confusables.txt` (Unicode Technical Standard 39) is one ASCII letter or digit, the I with a dot, and the low macron,
 * which resembles a low line.
 */
const ASCII_TWINS =
  '\u0130\u0131\u0184\u018d\u0196\u01a6\u01a7\u01b7\u01bc\u01bd\u01c0\u021c\u0222\u0223\u0251\u0261\u0263\u0269' +
  '\u026a\u026f\u028b\u028f\u02cd\u037f\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5' +
  '\u03a7\u03b1\u03b3\u03b9\u03bd\u03bf\u03c1\u03c3\u03c5\u03dc\u03f3\u03fa\u0405\u0406\u0408\u0410\u0412' +
  '\u0415\u0417\u041a\u041c-\u041e\u0420-\u0423\u0425\u042c\u0430\u0431\u0433\u0435\u043e\u0440\u0441\u0443' +
  '\u0445\u0455\u0456\u0458\u0461\u0474\u0475\u04ae\u04af\u04bb\u04bd\u04c0\u04cf\u04e0\u0501\u050c' +
  '\u051b-\u051d\u054d\u054f\u0555\u0561\u0563\u0566\u0570\u0578\u057c\u057d\u0581\u0584\u0585\u1d04\u1d0f' +
  '\u1d11\u1d1c\u1d20-\u1d22\u1d26\u1d83\u1d8c\u1e9d\u1eff\ua644\ua647\ua731\ua75a\ua76a\ua76e\ua798\ua799' +
  '\ua79f\ua7ab\ua7b2-\ua7b4\uab32\uab35\uab3d\uab47\uab48\uab4e\uab52\uab5a';
const readsAsAscii = new RegExp(`^[\\x21-\\x7e${ASCII_TWINS}]+$`, 'u');
const isAscii = /^[\x21-\x7e]+$/;
/** Matches a dot above on a letter that has a dot already. The two dots look like one, so the second is invisible. */
const secondDot = /[\p{Soft_Dotted}\u0131\u0237]\p{M}*\u0307/u;

/**
 * Returns whether a name, in NFKC, may be mistaken for another one: it mixes scripts that are not used together, or all
 * its letters resemble ASCII.
 */
export function isNameMisleading(name: string): boolean {
  if (isAscii.test(name)) return false;
  return readsAsAscii.test(name) || secondDot.test(name) || !writtenIn.some((pattern) => pattern.test(name));
}
