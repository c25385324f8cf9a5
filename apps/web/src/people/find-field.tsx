import { Search } from 'lucide-react';
import { Icon } from '../design/icon.js';

interface FindFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Another field comes first and has the focus. */
  readonly later?: boolean;
}

/** Renders a search field of a dialog, focused unless `later`. */
export function FindField({ label, value, onChange, later = false }: FindFieldProps) {
  return (
    <div className="find">
      <Icon of={Search} size={16} />
      <input
        type="text"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder={label}
        aria-label={label}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the first control of a dialog
        autoFocus={!later}
      />
    </div>
  );
}
