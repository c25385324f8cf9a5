/** The functions that responses call, by name. They are stored in the object `everywire$` of the window. */
type Calls = Record<string, ((text: string) => void) | undefined>;

/** A function that a response can call until `forget` removes it. */
export interface ScriptCall {
  readonly name: string;
  forget(): void;
}

/**
 * Registers a function as `everywire$.<name>`, for documents in frames and JSONP scripts. All copies of this client in
 * a page share the object `everywire$`.
 */
export function offerCall(scope: object, onText: (text: string) => void): ScriptCall {
  const holder = scope as { everywire$?: Calls };
  holder.everywire$ = holder.everywire$ || {};
  const calls = holder.everywire$;
  let serial = 1;
  while (calls[`f${serial}`]) serial += 1;
  const name = `f${serial}`;
  calls[name] = onText;
  return {
    name,
    forget: () => {
      delete calls[name];
    },
  };
}
