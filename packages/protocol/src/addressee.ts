/** Whom an answer is for: the `instance` of an attach or body, the `nonce` of an `open` (SN-41). Absent where the carrier named neither. */
export interface Addressee {
  readonly instance?: number;
  readonly nonce?: string;
}

/** What a carrier may name itself by; an `open` may have an instance as well. */
interface Asking extends Addressee {
  readonly t: string;
}

/** Returns whom the answer to this carrier is for. */
export function addresseeOf({ t, nonce, instance }: Asking): Addressee {
  if (t === 'open') return nonce === undefined ? {} : { nonce };
  return instance === undefined ? {} : { instance };
}
