/** Where a conversation was left: at the end, or with this row this far below the upper edge (px, negative above it). */
export type ScrollPlace =
  | { readonly at: 'end' }
  | {
      readonly at: 'row';
      readonly key: string;
      readonly top: number;
      /** Of the message there, or of the next one: by it the place is fetched where it is not held any more. */
      readonly sequence?: number | null;
    };

/** Places by conversation, for as long as the page lives. Of two hundred conversations the oldest place is given up. */
export interface ScrollMemory {
  read(conversation: number): ScrollPlace | null;
  keep(conversation: number, place: ScrollPlace): void;
}

const placesMax = 200;

export function createScrollMemory(): ScrollMemory {
  const places = new Map<number, ScrollPlace>();
  return {
    read: (conversation) => places.get(conversation) ?? null,
    keep: (conversation, place) => {
      places.delete(conversation);
      places.set(conversation, place);
      const oldest = places.keys().next();
      if (places.size > placesMax && oldest.done !== true) places.delete(oldest.value);
    },
  };
}
