/** The place where a conversation was left: the end, or a row and its distance from the upper edge (in pixels, negative if above). */
export type ScrollPlace =
  | { readonly at: 'end' }
  | {
      readonly at: 'row';
      readonly key: string;
      readonly top: number;
      /** The sequence of that message or the next one. The place is fetched by it if it is not loaded any more. */
      readonly sequence?: number | null;
    };

/** Remembers places by conversation until the page unloads. Beyond 200, evicts the least recently updated. */
export interface ScrollMemory {
  read(conversation: number): ScrollPlace | null;
  keep(conversation: number, place: ScrollPlace): void;
}

const PLACES_MAX = 200;

/** Creates an empty memory. */
export function createScrollMemory(): ScrollMemory {
  const places = new Map<number, ScrollPlace>();
  return {
    read: (conversation) => places.get(conversation) ?? null,
    keep: (conversation, place) => {
      places.delete(conversation);
      places.set(conversation, place);
      const oldest = places.keys().next();
      if (places.size > PLACES_MAX && oldest.done !== true) places.delete(oldest.value);
    },
  };
}
