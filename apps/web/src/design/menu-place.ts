/** Where a menu opens: at a point or along an element, in pixels of the window. */
export interface MenuPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** The element that gets the focus after the menu closes. */
  readonly returnTo: HTMLElement;
}

/** Returns the place along an element. */
export function placeOf(element: HTMLElement, returnTo = element): MenuPlace {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height, returnTo };
}

/** Returns the place at a point. */
export function placeAt(left: number, top: number, returnTo: HTMLElement): MenuPlace {
  return { left, top, width: 0, height: 0, returnTo };
}
