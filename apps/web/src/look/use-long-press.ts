import { type MouseEvent, type PointerEvent, type TouchEvent, useEffect, useRef } from 'react';

const longPressMs = 500;
/** A finger that moved farther scrolls, pixels. */
const stillPixels = 10;

interface Press {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly x: number;
  readonly y: number;
  readonly fire: () => void;
}

/**
 * Calls `onPress` when a finger or pen has rested on something for half a second. The release that follows then neither clicks nor moves
 * the focus: both would close what the press has opened.
 *
 * @param find what a press at this element is on; `null` leaves the press to the browser
 */
export function useLongPress<Found>(
  find: (target: EventTarget) => Found | null,
  onPress: (found: Found, x: number, y: number) => void,
) {
  const press = useRef<Press | null>(null);
  const isHeld = useRef(false);
  const swallowsClick = useRef(false);
  const end = () => {
    clearTimeout(press.current?.timer);
    press.current = null;
  };
  // What is gone is pressed no more.
  useEffect(() => () => clearTimeout(press.current?.timer), []);
  const fire = (begun: Press) => {
    end();
    isHeld.current = true;
    begun.fire();
  };
  /** For the browser's own request for a menu, which may come before the half second: whether it is a finger's, which then has pressed. */
  const intercept = (): boolean => {
    if (press.current !== null) fire(press.current);
    return isHeld.current;
  };
  const handlers = {
    onPointerDown: ({ target, pointerType, clientX: x, clientY: y }: PointerEvent) => {
      end();
      isHeld.current = false;
      swallowsClick.current = false;
      const found = pointerType === 'mouse' ? null : find(target);
      if (found === null) return;
      const begun: Press = {
        ...{ x, y },
        fire: () => onPress(found, x, y),
        timer: setTimeout(() => {
          swallowsClick.current = true;
          fire(begun);
        }, longPressMs),
      };
      press.current = begun;
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const begun = press.current;
      if (begun !== null && Math.hypot(clientX - begun.x, clientY - begun.y) > stillPixels) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onTouchEnd: (event: TouchEvent) => {
      if (isHeld.current && event.cancelable) event.preventDefault();
    },
    onClickCapture: (event: MouseEvent) => {
      if (!swallowsClick.current) return;
      swallowsClick.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
  return { handlers, intercept };
}
