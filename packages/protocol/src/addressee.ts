/**
 * The client that an answer is for, so that a misrouted answer can be recognized (SN-41): the `instance` of its attach
 * or body, or the `nonce` of its `open`. Empty if the client stated neither.
 */
export interface Addressee {
  readonly instance?: number;
  readonly nonce?: string;
}

/**
 * The fields by which a carrier (one connection or request) identifies its sender. An `open` may also have an instance.
 */
interface Asking extends Addressee {
  readonly t: string;
}

/** Returns the addressee of the answer to this carrier. */
export function addresseeOf({ t, nonce, instance }: Asking): Addressee {
  if (t === 'open') return nonce === undefined ? {} : { nonce };
  return instance === undefined ? {} : { instance };
}
