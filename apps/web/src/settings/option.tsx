import { Switch, ToggleGroup } from 'radix-ui';
import { type ReactNode, useId } from 'react';

interface OptionProps {
  readonly title: string;
  readonly text: string;
  readonly children: (titleId: string) => ReactNode;
}

/** One setting: its name, what it does, and the control, which carries the name. */
function Option({ title, text, children }: OptionProps) {
  const id = useId();
  return (
    <div className="opt">
      <b id={id}>{title}</b>
      <p>{text}</p>
      {children(id)}
    </div>
  );
}

interface ChosenProps<T extends string> {
  readonly title: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ text, ...chosen }: ChosenProps<T> & { readonly text: string }) {
  return (
    <Option title={chosen.title} text={text}>
      {(titleId) => <Row {...chosen} titleId={titleId} />}
    </Option>
  );
}

/** The same as a field of a form. */
export function Segments<T extends string>(chosen: ChosenProps<T>) {
  const id = useId();
  return (
    <div className="field">
      <span id={id}>{chosen.title}</span>
      <Row {...chosen} titleId={id} />
    </div>
  );
}

function Row<T extends string>({ value, choices, onChange, titleId }: ChosenProps<T> & { readonly titleId: string }) {
  return (
    <ToggleGroup.Root
      type="single"
      className="segments"
      aria-labelledby={titleId}
      value={value}
      onValueChange={(next) => {
        // Pressing the chosen one again answers nothing: one is always chosen.
        const choice = choices.find(([name]) => name === next);
        if (choice !== undefined) onChange(choice[0]);
      }}
    >
      {choices.map(([name, words]) => (
        <ToggleGroup.Item key={name} value={name}>
          {words}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}

interface OnOffProps {
  readonly title: string;
  readonly text: string;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
}

export function OnOff({ title, text, value, onChange }: OnOffProps) {
  return (
    <Option title={title} text={text}>
      {(titleId) => (
        <Switch.Root className="switch" aria-labelledby={titleId} checked={value} onCheckedChange={onChange}>
          <Switch.Thumb className="thumb" />
        </Switch.Root>
      )}
    </Option>
  );
}
