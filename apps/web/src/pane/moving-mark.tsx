import type { FileRef } from '@everywire/chat';
import { Play } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Icon } from '../design/icon.js';
import { type Language, usePreferences } from '../design/preferences.js';
import { moves } from './moves.js';

/** Loaded with the first picture that may move, and not part of the initial bundle. */
const words: Readonly<Record<Language, string>> = { en: 'Animated. Open to play', zh: '动图，打开后播放' };

/** Renders a mark on a picture with several frames. The bubble shows the first; the viewer, which opens on a press, plays all. */
export function MovingMark({ file }: { readonly file: FileRef }) {
  const [{ language }] = usePreferences();
  const [moving, setMoving] = useState(false);
  useEffect(() => {
    let dropped = false;
    // Without an answer there is no mark; the picture is shown all the same.
    moves(file).then(
      (answer) => dropped || setMoving(answer),
      () => undefined,
    );
    return () => {
      dropped = true;
    };
  }, [file]);
  if (!moving) return null;
  return (
    <span className="moving">
      <Icon of={Play} size={16} />
      <span className="hide">{words[language]}</span>
    </span>
  );
}
