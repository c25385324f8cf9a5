import { type RefObject, useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useWords } from '../i18n/words.js';

interface DropZoneProps {
  readonly field: RefObject<HTMLElement | null>;
  readonly takes: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** A folder was dropped, which cannot be sent. */
  readonly onFolder: () => void;
}

/** Accepts files dropped anywhere on the pane around the field, and shows an overlay while they are dragged. */
export function DropZone({ field, takes, onFiles, onFolder }: DropZoneProps) {
  const words = useWords().messages;
  const [over, setOver] = useState<HTMLElement | null>(null);
  useEffect(() => {
    const pane = field.current?.closest<HTMLElement>('.pane') ?? null;
    if (pane === null || !takes) return;
    const onDragOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(pane);
    };
    const onDragLeave = ({ relatedTarget }: DragEvent) => {
      if (!(relatedTarget instanceof Node && pane.contains(relatedTarget))) setOver(null);
    };
    const onDrop = (event: DragEvent) => {
      setOver(null);
      if (!hasFiles(event)) return;
      event.preventDefault();
      const items = [...(event.dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
      const files = items
        .filter((item) => item.webkitGetAsEntry()?.isDirectory !== true)
        .map((item) => item.getAsFile());
      onFiles(files.filter((file) => file !== null));
      if (files.length < items.length) onFolder();
    };
    pane.addEventListener('dragover', onDragOver);
    pane.addEventListener('dragleave', onDragLeave);
    pane.addEventListener('drop', onDrop);
    return () => {
      pane.removeEventListener('dragover', onDragOver);
      pane.removeEventListener('dragleave', onDragLeave);
      pane.removeEventListener('drop', onDrop);
    };
  });
  return over === null ? null : createPortal(<p className="drop-here">{words.dropHere}</p>, over);
}

/** Prevents drops outside a drop zone. Otherwise the browser would open the file in place of the page, and unsaved text would be lost. */
export function preventStrayDrops(): void {
  for (const name of ['dragover', 'drop'] as const) {
    window.addEventListener(name, (event) => {
      if (event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
    });
  }
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
