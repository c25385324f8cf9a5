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

interface ChoiceProps<T extends string> {
  readonly title: string;
  readonly text: string;
  readonly value: T;
  readonly choices: readonly (readonly [T, string])[];
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ title, text, value, choices, onChange }: ChoiceProps<T>) {
  return (
    <Option title={title} text={text}>
      {(titleId) => (
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
      )}
    </Option>
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
