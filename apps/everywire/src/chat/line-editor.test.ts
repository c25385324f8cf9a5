import { expect, test } from 'vitest';
import { LineEditor } from './line-editor.js';

/** Returns an editor after these keys. `^` means Ctrl, and `M-` means Meta. */
function edited(text: string, ...keys: readonly string[]): LineEditor {
  const editor = new LineEditor(100);
  editor.text = text;
  for (const key of keys) {
    const ctrl = key.startsWith('^');
    const meta = key.startsWith('M-');
    const name = key.replace(/^(\^|M-)/, '');
    editor.onKey({ name, text: !ctrl && !meta && name.length === 1 ? name : '', ctrl, meta });
  }
  return editor;
}

test.each([
  ['你好', ['left', 'x'], '你x好'],
  ['你好👨‍👩‍👧', ['backspace'], '你好'],
  ['你好', ['home', 'delete'], '好'],
  ['one two', ['^w'], 'one '],
  ['one two', ['M-b', '!'], 'one !two'],
  ['one two', ['^a', 'M-f', '!'], 'one! two'],
  ['one two', ['left', '^u'], 'o'],
  ['one two', ['^a', '^f', '^k'], 'o'],
  ['ab', ['left', 'left', 'left', 'right', '-'], 'a-b'],
])('%s, %j: %s', (text, keys, expected) => {
  expect(edited(text, ...keys).text).toBe(expected);
});

test('limits input by bytes, and accepts only whole letters', () => {
  const editor = new LineEditor(7);
  for (const letter of '你好世') editor.insert(letter);
  expect(editor.text).toBe('你好');
});

test('joins an accent to the letter before it', () => {
  const editor = edited('e');
  editor.insert('\u0301');
  editor.onKey({ name: 'backspace', text: '', ctrl: false, meta: false });
  expect(editor.text).toBe('');
});

test('keeps the cursor visible, and returns its cell', () => {
  expect(edited('你好世界').view(20)).toEqual({ text: '你好世界', column: 8 });
  expect(edited('你好世界').view(6)).toEqual({ text: '世界', column: 4 });
  expect(edited('你好世界', 'home').view(5)).toEqual({ text: '你好', column: 0 });
});

test('a draft of another device is shown without control characters', () => {
  const editor = edited('a\u001b[2Jb\u009bc\u202e');
  expect(editor.view(40)).toEqual({ text: 'a�[2Jb�c�', column: 9 });
  expect(editor.text).toBe('a\u001b[2Jb\u009bc\u202e');
});
