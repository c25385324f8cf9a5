import { useState } from 'react';
import { useFilesOpen } from '../app/files-open-context.js';

/** The presence dot of an avatar. `was`: online before the connection was lost, drawn hollow. */
export type Dot = 'here' | 'was' | null;

interface AvatarProps {
  readonly id: number;
  readonly name: string;
  readonly kind: 'person' | 'group';
  /** A path on this server or a `blob:` URL; any other address is not loaded. */
  readonly picture?: string | null | undefined;
  readonly size?: 'list' | 'message' | 'person' | 'large';
  readonly dot?: Dot;
}

/**
 * Renders a person (round) or a group (rounded square): the picture, or a letter if there is none or it has not loaded. Hidden from screen
 * readers, because the name is next to it.
 */
export function Avatar({ id, name, kind, picture, size = 'list', dot = null }: AvatarProps) {
  const filesOpen = useFilesOpen();
  const letters = avatarLetters(name, kind);
  const classes = ['avatar', `t${tintOf(id)}`, `avatar-${size}`];
  if (kind === 'group') classes.push('many');
  if ([...letters].length > 1) classes.push('pair');
  if (dot !== null) classes.push(dot);
  return (
    <span className={classes.join(' ')} aria-hidden="true">
      {letters}
      {filesOpen && picture && isOwn(picture) && <Portrait key={picture} address={picture} />}
    </span>
  );
}

/** Renders the picture over the letter, which stays visible until the picture has loaded or if it fails. */
function Portrait({ address }: { readonly address: string }) {
  const [state, setState] = useState<'coming' | 'there' | 'missing'>('coming');
  if (state === 'missing') return null;
  return (
    <img
      src={address}
      alt=""
      loading="lazy"
      draggable={false}
      data-state={state}
      onLoad={() => setState('there')}
      onError={() => setState('missing')}
    />
  );
}

/**
 * Returns whether an address is on this server. The page loads no others, because the host of a picture would learn who looks at it and
 * when.
 */
function isOwn(address: string): boolean {
  return /^(\/(?!\/)|blob:)/.test(address);
}

/** Returns the letters: the last character of a Han person's name, the first two of a Han group's, otherwise the first letter. */
function avatarLetters(name: string, kind: 'person' | 'group'): string {
  const letters = [...name.trim().matchAll(/\p{L}\p{M}*|\p{N}/gu)].map((match) => match[0]);
  const first = letters[0];
  if (first === undefined) return '·';
  if (!/\p{Script=Han}/u.test(first)) return first.toLocaleUpperCase();
  if (kind === 'person') return letters.findLast((letter) => /\p{Script=Han}/u.test(letter)) ?? first;
  const second = letters[1];
  return second !== undefined && /\p{Script=Han}/u.test(second) ? first + second : first;
}

/** The six tints in an order in which neighbours, including last and first, differ in hue. */
const tints = [1, 3, 5, 2, 6, 4] as const;

/**
 * Returns the tint of an id. Consecutive ids differ, and ids at any regular distance use all six, because each round of six starts one
 * further.
 */
function tintOf(id: number): number {
  const { length } = tints;
  return tints[(id + Math.floor(id / length)) % length] ?? tints[0];
}
