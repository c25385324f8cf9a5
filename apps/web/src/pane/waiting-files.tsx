import type { WaitingFile } from '@everywire/chat-client';
import { FileIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Icon } from '../design/icon.js';
import { sizeWords } from '../i18n/size-words.js';
import { useWords } from '../i18n/words.js';
import './message-files.css';

interface WaitingFilesProps {
  readonly files: readonly WaitingFile[];
  /** There is no text below the files. */
  readonly alone: boolean;
  /** Returns the stored file with this number, or `null` if it is not stored any more. */
  readonly load: (number: number) => Promise<File | null>;
}

/** Renders files that are stored on this device until they are uploaded. Pictures are shown; files cannot be opened yet. */
export function WaitingFiles({ files, alone, load }: WaitingFilesProps) {
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return (
    <div className="files" dir="auto" data-alone={alone}>
      {pictures.length > 0 && (
        <div className={pictures.length > 1 ? 'album' : 'single'} data-count={pictures.length}>
          {pictures.map((file) => (
            <WaitingPicture key={file.number} file={file} load={load} />
          ))}
        </div>
      )}
      {others.map(({ number, name, size }) => (
        <span key={number} className="file">
          <Icon of={FileIcon} />
          <span>
            <bdi>{name}</bdi>
            <small className="num">{sizeWords(size)}</small>
          </span>
        </span>
      ))}
    </div>
  );
}

function WaitingPicture({ file, load }: { readonly file: WaitingFile; readonly load: WaitingFilesProps['load'] }) {
  const words = useWords().messages;
  const [address, setAddress] = useState<string | null>(null);
  const { number } = file;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bytes of a number never change; `load` changes in each render
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    load(number).then(
      (kept) => {
        if (kept === null || gone) return;
        made = URL.createObjectURL(kept);
        setAddress(made);
      },
      () => undefined, // The file name is shown instead.
    );
    return () => {
      gone = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [number]);
  return (
    <span className="picture waiting">
      {address === null ? (
        <span className="hide">{words.picture(file.name)}</span>
      ) : (
        <img src={address} alt={words.picture(file.name)} />
      )}
    </span>
  );
}

/** Returns whether every browser can show the type. Others are shown by name. */
function isPicture({ type }: WaitingFile): boolean {
  return /^image\/(png|jpeg|webp|gif)$/.test(type);
}
