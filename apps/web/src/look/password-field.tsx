import { useWords } from '../i18n/words.js';
import { usePasswordHint } from './password-rule.js';
import { TextField } from './text-field.js';

interface PasswordFieldProps {
  /** One that is already set, one that is set for the first time, or one in another's place. */
  readonly of: 'current' | 'first' | 'next';
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A password, told to the browser's own keeper of passwords as what it is. */
export function PasswordField({ of, value, onChange }: PasswordFieldProps) {
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
    />
  );
}
