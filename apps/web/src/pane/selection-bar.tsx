import { Copy, Forward, Trash2, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { copyText } from '../app/copy-text.js';
import { useLayer } from '../app/use-layer.js';
import { useWords } from '../i18n/words.js';
import { Icon } from '../look/icon.js';
import type { MessagePanel } from '../marks/message-panel.js';
import { type Selection, selectedMax } from './use-selection.js';
import './selection.css';

interface SelectionBarProps {
  readonly selection: Selection;
  readonly onPanel: (panel: MessagePanel) => void;
}

/** In the composer's place while messages are picked: how many there are, and what can be done with all of them. */
export function SelectionBar({ selection, onPanel }: SelectionBarProps) {
  const words = useWords();
  const { rows, end } = selection;
  useLayer(end);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const pane = bar.current?.closest('.pane');
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !(event.target instanceof Node)) return;
      // Where nothing has the focus it is meant too; a dialog above the pane has its own Escape.
      if (event.target !== document.body && pane?.contains(event.target) !== true) return;
      // A thread beside the conversation stays open.
      event.preventDefault();
      end();
    };
    // Before everything else that hears of it: the same key would lead from a message to the composer, or to the hit of a search.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [end]);
  // The name stands before the sentence, which would put characters around it that nobody wrote.
  const said = () => rows.map((row) => row.sender.displayName + words.announced('', row.text)).join('\n');
  return (
    <div ref={bar} className="selection" role="toolbar" aria-label={words.messages.selection}>
      <button
        type="button"
        className="icon"
        aria-label={words.messages.endSelection}
        title={words.messages.endSelection}
        onClick={end}
      >
        <Icon of={X} />
      </button>
      <p role="status">
        {words.messages.selectedCount(rows.length)}
        {rows.length >= selectedMax && <small>{words.messages.selectedMax}</small>}
      </p>
      <button type="button" className="button" onClick={() => void copyText(said())}>
        <Icon of={Copy} size={16} />
        <span>{words.messages.copyText}</span>
      </button>
      <button type="button" className="button danger" onClick={() => onPanel({ kind: 'hide', rows })}>
        <Icon of={Trash2} size={16} />
        <span>{words.messages.hideForMe}</span>
      </button>
      <button type="button" className="button main" onClick={() => onPanel({ kind: 'forward', rows })}>
        <Icon of={Forward} size={16} />
        <span>{words.messages.forward}</span>
      </button>
    </div>
  );
}
