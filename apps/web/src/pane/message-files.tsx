import type { FileRef } from '@everywire/chat';
import { FileDown } from 'lucide-react';
import { type CSSProperties, useMemo, useState } from 'react';
import { fileAddress } from '../app/file-address.js';
import { useFilesOpen } from '../app/files-open-context.js';
import { Icon } from '../design/icon.js';
import { sizeWords } from '../i18n/size-words.js';
import { useWords } from '../i18n/words.js';
import type { SoundSource } from '../sound/sound.js';
import { VoicePlayer } from '../sound/voice-player.js';
import { isPicture, type PictureRef, placeholderAddress } from './picture.js';
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
        <bdi>{file.name}</bdi>
        <small className="num" aria-hidden="true">
          {size}
        </small>
      </span>
    </a>
  );
}

const SIDE_MAX = 320;

interface PictureFileProps {
  readonly file: PictureRef;
  /** A square tile; otherwise the picture keeps its own shape. */
  readonly inAlbum: boolean;
  readonly onPicture: (id: string) => void;
}

function PictureFile({ file, inAlbum, onPicture }: PictureFileProps) {
  const words = useWords().messages;
  const { width, height, placeholder } = file.picture;
  const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
  const [missing, setMissing] = useState(false);
  const filesOpen = useFilesOpen();
  const behind = useMemo(() => placeholderAddress(placeholder), [placeholder]);
  const style: CSSProperties = {
    ...(!inAlbum && { inlineSize: Math.max(40, Math.round(width * scale)), aspectRatio: `${width} / ${height}` }),
    backgroundImage: behind === null ? undefined : `url(${behind})`,
  };
  return (
    <a
      className="picture"
      href={fileAddress(file.id)}
      target="_blank"
      rel="noopener"
      style={style}
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
          onError={() => setMissing(true)}
        />
      )}
    </a>
  );
}
