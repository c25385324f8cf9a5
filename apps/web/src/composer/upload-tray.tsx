import { FileIcon, X } from 'lucide-react';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import type { UploadItem, Uploads } from './use-uploads.js';

/** What will go along with the next message, how far it is, and a way to leave it out. */
export function UploadTray({ uploads }: { readonly uploads: Uploads }) {
  if (uploads.items.length === 0) return null;
  return (
    <ul className="tray">
      {uploads.items.map((item) => (
        <TrayItem key={item.key} item={item} onRemove={() => uploads.remove(item.key)} />
      ))}
    </ul>
  );
}

function TrayItem({ item, onRemove }: { readonly item: UploadItem; readonly onRemove: () => void }) {
  const words = useWords().messages;
  const { name, picture, percent, failed } = item;
  const state = failed ? words.uploadFailed(name) : words.uploading(name, percent);
  return (
    <li data-failed={failed} title={name}>
      {picture === null ? <Icon of={FileIcon} /> : <img src={picture} alt="" />}
      <span className="tray-name">
        <bdi>{name}</bdi>
        <progress value={percent} max={100} aria-label={state} />
      </span>
      <button type="button" aria-label={words.removeFile(name)} onClick={onRemove}>
        <Icon of={X} size={16} />
      </button>
    </li>
  );
}
