/** What may be called seen: only what stands before the reader's eyes. */
import { useEffect, useRef } from "preact/hooks";
import { doing, overlay } from "../overlay";

/** Is the end of this list on the screen: in no hidden tab, under no dialog, not scrolled away? */
export function inSight(list: Element | null): boolean {
  if (!list || document.visibilityState !== "visible" || document.querySelector("dialog[open]")) return false;
  const { height, top, bottom } = list.getBoundingClientRect();
  return height > 0 && top < innerHeight && bottom > 0 && bottom <= innerHeight + 8;
}

/** Tells `seen` of the last item shown as soon as it is in sight; call the answer with what the list shows. */
export function useSeen(list: () => Element | null, seen: (upto: number) => void): (shown: number) => void {
  const shown = useRef(0);
  const told = useRef(0);
  const look = useRef(() => undefined as void);
  look.current = () => {
    if (shown.current <= told.current || !inSight(list())) return;
    told.current = shown.current;
    seen(shown.current);
  };
  const [act, over] = [doing.value, overlay.value];
  useEffect(() => {
    // A dialog closes after this was drawn.
    const later = setTimeout(() => look.current());
    return () => clearTimeout(later);
  }, [act, over]);
  useEffect(() => {
    const again = (): void => look.current();
    const watch = new IntersectionObserver(again, { threshold: [0, 0.5, 1] });
    const found = list();
    if (found) watch.observe(found);
    document.addEventListener("visibilitychange", again);
    addEventListener("scroll", again, { capture: true, passive: true });
    addEventListener("resize", again);
    return () => {
      watch.disconnect();
      document.removeEventListener("visibilitychange", again);
      removeEventListener("scroll", again, { capture: true });
      removeEventListener("resize", again);
    };
  }, []);
  return (upto) => {
    shown.current = upto;
    look.current();
  };
}
