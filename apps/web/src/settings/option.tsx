import { Switch, ToggleGroup } from 'radix-ui';
import { type ReactNode, useId } from 'react';

interface OptionProps {
  readonly title: string;
  readonly text: string;
  readonly children: (titleId: string) => ReactNode;
}

/** Renders one setting: its name, a description, and the control, which is labelled by the name. */
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

/** Renders a setting with a few choices in a row. */
export function Choice<T extends string>({ text, ...chosen }: ChosenProps<T> & { readonly text: string }) {
  return (
    <Option title={chosen.title} text={text}>
      {(titleId) => <Row {...chosen} titleId={titleId} />}
    </Option>
  );
}

/** Renders the same choices as a field of a form. */
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
        // Pressing the selected choice again reports nothing, because one must always be selected.
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

/** Renders a setting that is on or off. */
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
