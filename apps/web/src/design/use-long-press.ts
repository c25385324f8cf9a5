import { type MouseEvent, type PointerEvent, type TouchEvent, useEffect, useRef } from 'react';

const LONG_PRESS_MS = 500;
/** The distance in pixels beyond which a touch counts as scrolling. */
const STILL_PIXELS = 10;

interface Press {
  readonly timer: ReturnType<typeof setTimeout>;
  readonly x: number;
  readonly y: number;
  readonly fire: () => void;
}

/**
 * Calls `onPress` after a finger or pen has rested on an element for half a second. The release afterwards neither clicks nor moves the
 * focus, because both would close what the press has opened. `find` returns what a press at an element is on, or `null` to ignore it.
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
  // An unmounted element must not fire.
  useEffect(() => () => clearTimeout(press.current?.timer), []);
  const fire = (begun: Press) => {
    end();
    isHeld.current = true;
    begun.fire();
  };
  /**
   * Handles the browser's context menu event, which may come before the half second. Returns whether it belongs to a touch, which then
   * counts as a long press.
   */
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
        x,
        y,
        fire: () => onPress(found, x, y),
        timer: setTimeout(() => {
          swallowsClick.current = true;
          fire(begun);
        }, LONG_PRESS_MS),
      };
      press.current = begun;
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const begun = press.current;
      if (begun !== null && Math.hypot(clientX - begun.x, clientY - begun.y) > STILL_PIXELS) end();
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
