import { useState } from 'react';
import { useFilesOpen } from '../app/files-open-context.js';

/** What the dot at a person's avatar claims: `was` is online before the connection was lost, drawn hollow. */
export type Dot = 'here' | 'was' | null;

interface AvatarProps {
  readonly id: number;
  readonly name: string;
  readonly kind: 'person' | 'group';
  /** `avatar` of a person, `picture` of a group: a path at this server, or an address of the page's own bytes; others are not asked for. */
  readonly picture?: string | null | undefined;
  readonly size?: 'list' | 'message' | 'person' | 'large';
  readonly dot?: Dot;
}

/** Round: a person. Rounded square: a group. A letter where there is no picture, or it has not come. The words beside it name whom it shows. */
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

/** Lies over the letter, which is seen until it is there, and where it does not come. */
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

/** The page's policy lets it show nothing from elsewhere: who hosts a picture would learn who looks at it, and when. */
function isOwn(address: string): boolean {
  return /^(\/(?!\/)|blob:)/.test(address);
}

/** A Han person goes by the last character of the name, a Han group by the first two; everyone else by the first letter. */
function avatarLetters(name: string, kind: 'person' | 'group'): string {
  const letters = [...name.trim().matchAll(/\p{L}\p{M}*|\p{N}/gu)].map((match) => match[0]);
  const first = letters[0];
  if (first === undefined) return '·';
  if (!/\p{Script=Han}/u.test(first)) return first.toLocaleUpperCase();
  if (kind === 'person') return letters.findLast((letter) => /\p{Script=Han}/u.test(letter)) ?? first;
  const second = letters[1];
  return second !== undefined && /\p{Script=Han}/u.test(second) ? first + second : first;
}

/** The six tints in an order in which no two of similar hue follow each other, nor the last the first. */
const tints = [1, 3, 5, 2, 6, 4] as const;

/** Ids that follow each other never share a tint, and ids at any regular distance use all of them: each round of six begins one further. */
function tintOf(id: number): number {
  const { length } = tints;
  return tints[(id + Math.floor(id / length)) % length] ?? tints[0];
}
