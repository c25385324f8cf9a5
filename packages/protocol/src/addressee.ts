/**
 * Addressee of an answer: the `instance` of an attach or body, or the `nonce` of an `open` (SN-41). Empty if none was
 * given.
 */
export interface Addressee {
  readonly instance?: number;
  readonly nonce?: string;
}

/** The fields by which a carrier identifies its sender. An `open` may also have an instance. */
interface Asking extends Addressee {
  readonly t: string;
}

/** Returns the addressee of the answer to this carrier. */
export function addresseeOf({ t, nonce, instance }: Asking): Addressee {
  if (t === 'open') return nonce === undefined ? {} : { nonce };
  return instance === undefined ? {} : { instance };
}
