import { expect, test } from 'vitest';
import { nameForm } from './name-form.js';

test('a name has the same form as what people type for it', () => {
  const pairs = [
    ['Tomás Reyes', 'tomas reyes'],
    ['Łukasz Đặng', 'lukasz dang'],
    ['SØREN Straße', 'soren strasse'],
    ['IT INFO', 'it info'],
    ['İnci Işık', 'inci isik'],
    ['O’Brien', "o'brien"],
    ['ＡＣＭＥ　１', 'acme 1'],
    ['ΝΙΚΟΣ', 'νικοσ'],
    ['Артём', 'артем'],
  ] as const;
  expect(pairs.map(([name]) => nameForm(name))).toEqual(pairs.map(([, query]) => query));
});

test('the form of a name does not depend on the language of the browser', () => {
  const turkish = String.prototype.toLocaleLowerCase;
  String.prototype.toLocaleLowerCase = function (this: string) {
    return turkish.call(this, 'tr');
  };
  try {
    expect(nameForm('IT INFO')).toBe('it info');
  } finally {
    String.prototype.toLocaleLowerCase = turkish;
  }
});
