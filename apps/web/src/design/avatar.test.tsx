// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FilesOpenContext } from '../app/files-open-context.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { Avatar } from './avatar.js';

type Props = Parameters<typeof Avatar>[0];

const person = { id: 5, name: 'Ann', kind: 'person' } as const;

const drawn = (props: Props, filesOpen = true) => (
  <FilesOpenContext value={filesOpen}>
    <Avatar {...props} />
  </FilesOpenContext>
);

/** Renders an avatar. `filesOpen`: whether the page may load files. */
function renderAvatar(props: Props, filesOpen?: boolean) {
  const { container, rerender } = renderInPage(drawn(props, filesOpen));
  return {
    avatar: container.querySelector('.avatar') as HTMLElement,
    portrait: () => container.querySelector('img'),
    change: (next: Props) => rerender(drawn(next)),
  };
}

describe('the picture of an avatar', () => {
  test('an avatar’s picture appears when a valid address replaces a broken one', () => {
    const { portrait, change } = renderAvatar({ ...person, picture: '/api/files/a' });
    fireEvent.error(portrait() as HTMLImageElement);
    expect(portrait()).toBeNull();
    change({ ...person, picture: '/api/files/b' });
    expect(portrait()?.getAttribute('src')).toBe('/api/files/b');
    expect(portrait()?.dataset['state']).toBe('coming');
    fireEvent.load(portrait() as HTMLImageElement);
    expect(portrait()?.dataset['state']).toBe('there');
  });

  test('an avatar’s picture loads again when the address changes', () => {
    const { portrait, change } = renderAvatar({ ...person, picture: '/api/files/a' });
    fireEvent.load(portrait() as HTMLImageElement);
    change({ ...person, picture: '/api/files/b' });
    expect(portrait()?.dataset['state']).toBe('coming');
    change({ ...person, picture: null });
    expect(portrait()).toBeNull();
  });

  test.each([
    ['/api/files/a', true],
    ['blob:https://chat.example.org/1', true],
    ['//elsewhere.example.org/a.png', false],
    ['https://elsewhere.example.org/a.png', false],
    ['data:image/png;base64,AAAA', false],
    ['', false],
    [undefined, false],
  ])('the picture address %j is requested: %j', (picture, requested) => {
    expect(renderAvatar({ ...person, picture }).portrait() !== null).toBe(requested);
  });

  test('an avatar’s picture is not requested before the files cookie is set', () => {
    expect(renderAvatar({ ...person, picture: '/api/files/a' }, false).portrait()).toBeNull();
  });
});

describe('the letters of an avatar', () => {
  test.each([
    ['Ann', 'person', 'A'],
    ['émile', 'person', 'É'],
    ['  (bo)', 'person', 'B'],
    ['42nd', 'group', '4'],
    ['林晚', 'person', '晚'],
    ['林晚 (Lin)', 'person', '晚'],
    ['Lin 林', 'person', 'L'],
    ['东滩秋季', 'group', '东滩'],
    ['东 A', 'group', '东'],
    ['东', 'group', '东'],
    ['🐦', 'person', '·'],
    ['', 'group', '·'],
  ] as const)('the letters of %j (%s) are %j', (name, kind, letters) => {
    expect(renderAvatar({ id: 1, name, kind }).avatar.textContent).toBe(letters);
  });
});

describe('the classes of an avatar', () => {
  test.each([
    [{ ...person }, 'avatar t4 avatar-list'],
    [{ ...person, size: 'large', dot: 'was' }, 'avatar t4 avatar-large was'],
    [{ ...person, id: 6, dot: 'here' }, 'avatar t3 avatar-list here'],
    [{ id: 5, name: '东滩', kind: 'group' }, 'avatar t4 avatar-list many pair'],
    [{ id: 5, name: 'Terns', kind: 'group', dot: null }, 'avatar t4 avatar-list many'],
  ] as const)('the classes of an avatar with %j are %j', (props, classes) => {
    expect(renderAvatar(props).avatar.className).toBe(classes);
  });
});

describe('the tint of an avatar', () => {
  const tintOf = (id: number) => Number(/\bt(\d)\b/.exec(renderAvatar({ ...person, id }).avatar.className)?.[1]);

  test('consecutive ids have different tints, and all six are used evenly at any distance between ids', () => {
    const tints = Array.from({ length: 300 }, (_, id) => tintOf(id));
    for (const [id, tint] of tints.entries()) expect(tint, `${id}`).not.toBe(tints[id + 1]);
    for (const step of [1, 2, 3, 4, 5, 10]) {
      const used = tints.filter((_, id) => id % step === 0);
      for (let tint = 1; tint <= 6; tint++)
        expect(used.filter((one) => one === tint).length, `${step}`).toBeGreaterThan(used.length / 12);
    }
  });
});
