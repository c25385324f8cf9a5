/** Where a menu opens: at a point, or along an element. Pixels of the window. */
export interface MenuPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** What has the focus when the menu is gone. */
  readonly returnTo: HTMLElement;
}

export function placeOf(element: HTMLElement, returnTo = element): MenuPlace {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height, returnTo };
}

export function placeAt(left: number, top: number, returnTo: HTMLElement): MenuPlace {
  return { left, top, width: 0, height: 0, returnTo };
}
