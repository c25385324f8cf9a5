/** Functions by name, in the global object where script responses look for them. */
type Calls = Record<string, ((text: string) => void) | undefined>;

/** A function that a response can call until it is forgotten. */
export interface ScriptCall {
  readonly name: string;
  forget(): void;
}

/** Registers a function as `everywire$.<name>` for documents and JSONP. Shared by all copies of this client in a page. */
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
