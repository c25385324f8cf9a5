import { useWords } from '../i18n/words.js';
import { useNameHint } from './password-rule.js';
import { TextField } from './text-field.js';

interface UserNameFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** As for `TextField`. */
  readonly first?: boolean;
}

/** Renders the field for a new user name. */
export function UserNameField({ value, onChange, first = false }: UserNameFieldProps) {
  const words = useWords();
  return (
    <TextField
      label={words.userName}
      hint={useNameHint()}
      value={value}
      onChange={onChange}
      autoComplete="username"
      plain
      first={first}
    />
  );
}
