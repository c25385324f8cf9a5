/** What may be listened to. */
export interface OldTarget {
  addEventListener?(type: string, listener: (event: never) => void, capture: boolean): void;
  removeEventListener?(type: string, listener: (event: never) => void, capture: boolean): void;
  attachEvent?(type: string, listener: (event: never) => void): void;
  detachEvent?(type: string, listener: (event: never) => void): void;
}
