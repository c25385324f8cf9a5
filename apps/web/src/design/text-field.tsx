import { useId } from 'react';
import { hasTouchKeyboard } from '../composer/focus-composer.js';

interface TextFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly autoComplete: string;
  readonly type?: 'text' | 'password';
  /** For a user name: no automatic capitals or corrections. */
  readonly plain?: boolean;
  /** Gets the focus when it appears, except where that would open a keyboard on the screen. */
  readonly first?: boolean;
}

/** Renders a labelled text field with an optional hint. */
export function TextField({
  label,
  hint,
  value,
  onChange,
  autoComplete,
  type = 'text',
  plain = false,
  first = false,
}: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <span>
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && <small id={`${id}-hint`}>{hint}</small>}
      </span>
      <input
        id={id}
        type={type}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        autoComplete={autoComplete}
        // biome-ignore lint/a11y/noAutofocus: the first control of a page or dialog
        autoFocus={first && !hasTouchKeyboard()}
        {...(hint === undefined ? {} : { 'aria-describedby': `${id}-hint` })}
        {...(plain ? { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } : {})}
      />
    </div>
  );
}
