// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { pastedFiles } from './pasted-files.js';

const picture = (name: string) => new File(['x'], name, { type: 'image/png' });
const document = new File(['x'], 'plan.pdf', { type: 'application/pdf' });

/** Returns the names of the files that are attached; empty if the text is pasted. */
function paste(files: readonly File[], text = '', html = ''): readonly string[] {
  const data: Readonly<Record<string, string>> = { 'text/plain': text, 'text/html': html };
  const clipboard = { files, getData: (type: string) => data[type] ?? '' } as unknown as DataTransfer;
  return pastedFiles(clipboard).map(({ name }) => name);
}

test('cells and words are pasted as text, although the clipboard also has a picture of them', () => {
  const image = [picture('image.png')];
  expect(paste(image, 'a\tb\n1\t2', '<table><tr><td>a<td>b<tr><td>1<td>2</table>')).toEqual([]);
  expect(paste(image, 'Words', '<html><head><style>p {}</style></head><body><p>Words</p></body></html>')).toEqual([]);
  expect(paste(image, 'Words without markup')).toEqual([]);
});

test('a picture and files are attached, also with their names, paths or addresses as text', () => {
  expect(paste([picture('image.png')])).toEqual(['image.png']);
  expect(paste([picture('image.png')], ' \n ', '<table><tr><td></table>')).toEqual(['image.png']);
  expect(paste([picture('image.png')], '', '<img src="https://a.example/b.png">')).toEqual(['image.png']);
  expect(paste([picture('image.png')], 'https://a.example/b.png', '<meta><img src="https://a.example/b.png">')).toEqual(
    ['image.png'],
  );
  expect(paste([picture('a.png'), picture('b b.png')], 'a.png\rb b.png')).toEqual(['a.png', 'b b.png']);
  expect(paste([picture('b b.png')], 'file:///home/ann/b%20b.png')).toEqual(['b b.png']);
  expect(paste([picture('a.png')], 'C:\\Users\\ann\\a.png')).toEqual(['a.png']);
  expect(paste([document], 'Something else', '<p>Something else</p>')).toEqual(['plan.pdf']);
});
