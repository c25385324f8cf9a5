import { useWords } from '../i18n/words.js';
import { usePasswordHint } from './password-rule.js';
import { TextField } from './text-field.js';

interface PasswordFieldProps {
  /** An existing password, a first one, or a replacement. */
  readonly of: 'current' | 'first' | 'next';
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** As for `TextField`. */
  readonly first?: boolean;
}

/** Renders a password field with the `autocomplete` value that password managers need. */
export function PasswordField({ of, value, onChange, first = false }: PasswordFieldProps) {
  const words = useWords();
  const hint = usePasswordHint(of !== 'current');
  const label = { current: words.currentPassword, first: words.password, next: words.newPassword }[of];
  return (
    <TextField
      label={label}
      hint={hint}
      value={value}
      onChange={onChange}
      autoComplete={of === 'current' ? 'current-password' : 'new-password'}
      type="password"
      first={first}
    />
  );
}
