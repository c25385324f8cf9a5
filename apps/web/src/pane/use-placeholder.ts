import { useMemo, useState } from 'react';
import { type PictureRef, placeholderAddress } from './picture.js';

/** Returns the props of what stands behind a picture and of the picture itself. The placeholder is removed once the picture is there, because transparent pictures do not cover it. */
export function usePlaceholder({ picture: { placeholder } }: PictureRef) {
  const [loaded, setLoaded] = useState(false);
  const behind = useMemo(() => placeholderAddress(placeholder), [placeholder]);
  return {
    backgroundImage: loaded || behind === null ? undefined : `url(${behind})`,
    onLoad: () => setLoaded(true),
  };
}
