import { Copy, Forward, Trash2, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { copyText } from '../app/copy-text.js';
import { useLayer } from '../app/use-layer.js';
import { Icon } from '../design/icon.js';
import { useWords } from '../i18n/words.js';
import type { MessagePanel } from '../message-dialogs/message-panel.js';
import { SELECTED_MAX, type Selection } from './use-selection.js';
import './selection.css';

interface SelectionBarProps {
  readonly selection: Selection;
  readonly onPanel: (panel: MessagePanel) => void;
}

/** Renders the bar in place of the composer while messages are selected: their number and the actions on them. */
export function SelectionBar({ selection, onPanel }: SelectionBarProps) {
  const words = useWords();
  const { rows, end } = selection;
  useLayer(end);
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const pane = bar.current?.closest('.pane');
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || !(event.target instanceof Node)) return;
      // Escape with nothing focused counts too; a dialog above the pane handles its own Escape.
      if (event.target !== document.body && pane?.contains(event.target) !== true) return;
      // Otherwise the same key would close a thread next to the conversation.
      event.preventDefault();
      end();
    };
    // In the capture phase, because the same key would otherwise move the focus to the composer or back to the search result.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [end]);
  // The name is put before the formatted sentence, which would wrap it in direction characters that must not be copied.
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
        {rows.length >= SELECTED_MAX && <small>{words.messages.selectedMax}</small>}
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
