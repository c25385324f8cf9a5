import type { FileRef } from '@everywire/chat';
import { FileDown } from 'lucide-react';
import { type CSSProperties, useState } from 'react';
import { fileAddress } from '../app/file-address.js';
import { useFilesOpen } from '../app/files-open-context.js';
import { LazyPart, lazyComponent } from '../app/lazy-component.js';
import { Icon } from '../design/icon.js';
import { sizeWords } from '../i18n/size-words.js';
import { useWords } from '../i18n/words.js';
import type { SoundSource } from '../sound/sound.js';
import { VoicePlayer } from '../sound/voice-player.js';
import { isPicture, type PictureRef } from './picture.js';
import { usePlaceholder } from './use-placeholder.js';
import './message-files.css';

interface MessageFilesProps {
  readonly files: readonly FileRef[];
  /** There is no text below the files. */
  readonly alone: boolean;
  /** The source shown by the player of an audio file. */
  readonly source: SoundSource;
  /** Opens a picture in the viewer. */
  readonly onPicture: (id: string) => void;
}

/** Renders the files of a message above its text. Each reserves its space before it has loaded, so that nothing moves. */
export function MessageFiles({ files, alone, source, onPicture }: MessageFilesProps) {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  const isAlbum = pictures.length > 1;
  return (
    <div className="files" dir="auto" data-alone={alone}>
      {pictures.length > 0 && (
        <div className={isAlbum ? 'album' : 'single'} data-count={pictures.length}>
          {pictures.map((file) => (
            <PictureFile key={file.id} file={file} inAlbum={isAlbum} onPicture={onPicture} />
          ))}
        </div>
      )}
      {others.map((file) => (
        <OneFile key={file.id} file={file} source={source} />
      ))}
    </div>
  );
}

function OneFile({ file, source }: { readonly file: FileRef; readonly source: SoundSource }) {
  const words = useWords().messages;
  const filesOpen = useFilesOpen();
  if (file.kind === 'video') {
    // A user's video has no captions.
    const src = filesOpen ? fileAddress(file.id) : undefined;
    // biome-ignore lint/a11y/useMediaCaption: see above
    return <video className="video" controls preload="metadata" src={src} aria-label={file.name} />;
  }
  const size = sizeWords(file.size);
  if (file.kind === 'audio') return <VoicePlayer file={file} source={source} />;
  return (
    <a
      className="file"
      href={fileAddress(file.id)}
      download={file.name}
      aria-label={`${words.saveFile(file.name)}, ${size}`}
    >
      <Icon of={FileDown} />
      <span>
        <bdi>{file.name}</bdi> <small className="num">{size}</small>
      </span>
    </a>
  );
}

interface PictureFileProps {
  readonly file: PictureRef;
  /** A square tile; otherwise the picture keeps its own shape, within limits. */
  readonly inAlbum: boolean;
  readonly onPicture: (id: string) => void;
}

function PictureFile({ file, inAlbum, onPicture }: PictureFileProps) {
  const words = useWords().messages;
  const { width, height } = file.picture;
  const [missing, setMissing] = useState(false);
  const filesOpen = useFilesOpen();
  const { backgroundImage, onLoad } = usePlaceholder(file);
  return (
    <a
      className="picture"
      href={fileAddress(file.id)}
      target="_blank"
      rel="noopener"
      style={{ ...(!inAlbum && tileStyle(width, height)), backgroundImage }}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        onPicture(file.id);
      }}
    >
      {missing ? (
        <span className="hide">{words.picture(file.name)}</span>
      ) : (
        <img
          src={filesOpen ? `${fileAddress(file.id)}/preview` : undefined}
          alt={words.picture(file.name)}
          width={width}
          height={height}
          loading="lazy"
          decoding="async"
          onLoad={onLoad}
          onError={() => setMissing(true)}
        />
      )}
      {mayMove.test(file.type) && filesOpen && <LazyPart of={movingMark} props={{ file }} />}
    </a>
  );
}

const movingMark = lazyComponent(() => import('./moving-mark.js').then((module) => module.MovingMark));
/** The types of pictures with several frames. */
const mayMove = /^image\/(gif|png|webp)$/;

/** The sides of a tile, in pixels. The smaller one can be seen and pressed; the rest of a longer picture is in the viewer. */
const SIDE_MIN = 48;
const SIDE_MAX = 320;

/** Returns the size of a picture's tile, which is known before the picture has loaded. */
function tileStyle(width: number, height: number): CSSProperties {
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  const [inlineSize, blockSize] = [width, height].map((side) => Math.max(SIDE_MIN, Math.round(side * scale)));
  return { inlineSize, aspectRatio: `${inlineSize} / ${blockSize}` };
}
