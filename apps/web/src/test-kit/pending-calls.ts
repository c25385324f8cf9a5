import { act } from '@testing-library/react';

interface PendingCalls<Arguments extends readonly unknown[], Value> {
  readonly call: (...given: Arguments) => Promise<Value>;
  /** The arguments of each call so far, in order. */
  readonly given: readonly Arguments[];
  /** Resolves the call with this index and renders the effects. */
  readonly answer: (index: number, value: Value) => Promise<void>;
  /** Rejects the call with this index with an error code, as the SDK does. */
  readonly refuse: (index: number, code: string) => Promise<void>;
}

/** Creates a function whose calls stay pending until the test settles them, in any order. */
export function pendingCalls<Arguments extends readonly unknown[], Value>(): PendingCalls<Arguments, Value> {
  const given: Arguments[] = [];
  const settlers: { readonly resolve: (value: Value) => void; readonly reject: (error: unknown) => void }[] = [];
  const settlerAt = (index: number) => {
    const settler = settlers[index];
    if (settler === undefined) throw new Error(`There was no call ${index}.`);
    return settler;
  };
  return {
    given,
    call: (...one) =>
      new Promise<Value>((resolve, reject) => {
        given.push(one);
        settlers.push({ resolve, reject });
      }),
    answer: (index, value) => act(async () => settlerAt(index).resolve(value)),
    refuse: (index, code) => act(async () => settlerAt(index).reject(Object.assign(new Error(code), { code }))),
  };
}
