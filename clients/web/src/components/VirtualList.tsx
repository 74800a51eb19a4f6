/**
 * A long list of which only what is seen exists: variable heights, measured as they are drawn.
 *
 * Keys are contiguous integers (seqs). It stays at the end while the reader is there, and keeps the
 * reader's place when older items come in above or an item above turns out taller than guessed.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Heights } from "./heights";

export interface ListHandle {
  toKey(key: number): void;
  toEnd(): void;
}

export interface VirtualListProps<T> {
  items: readonly T[];
  rev: number;
  /** Key of the first item. */
  first: number;
  estimate: (item: T) => number;
  render: (item: T) => ComponentChildren;
  /** What `render` depends on beside the item: while these are the same, an item is not drawn again. */
  deps: readonly unknown[];
  label: string;
  handle: { current: ListHandle | null };
  /** Drawn after the last item, always. */
  tail?: ComponentChildren;
  /** The reader is near the beginning. */
  onTop?: () => void;
  /** The last key that is on the screen, and whether the list is at its end. */
  onShown?: (lastKey: number, atEnd: boolean) => void;
}

const AHEAD = 500;
const NEAR_END = 48;

function Item({ at, top, watch, children }: {
  at: number; top: number; watch: (element: HTMLElement) => () => void; children: ComponentChildren;
}) {
  const box = useRef<HTMLElement>(null);
  useLayoutEffect(() => (box.current ? watch(box.current) : undefined), [at]);
  return (
    <article
      ref={box} class="item" data-key={at} aria-posinset={at} aria-setsize={-1}
      style={{ transform: `translateY(${top}px)` }}
    >
      {children}
    </article>
  );
}

export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, rev, first, estimate, render, deps, label, handle, tail, onTop, onShown } = props;
  const box = useRef<HTMLDivElement>(null);
  const watcher = useRef<ResizeObserver | null>(null);
  const drawn = useRef(new Map<number, HTMLElement>());
  const me = useRef({ heights: new Heights(), known: new Map<number, number>(), first: 0, atEnd: true, lastTop: 0, target: null as number | null }).current;
  const [view, setView] = useState({ top: 0, height: 600, turn: 0 });

  if (me.first !== first || items.length < me.heights.length) {
    const anchor = me.first && me.heights.length ? me.first + me.heights.at(view.top) : 0;
    const offset = anchor ? view.top - me.heights.top(anchor - me.first) : 0;
    me.heights.reset(items.map((item, i) => me.known.get(first + i) ?? estimate(item)));
    me.first = first;
    if (anchor >= first && !me.atEnd) me.target = me.heights.top(anchor - first) + offset;
  } else {
    for (let i = me.heights.length; i < items.length; i++) me.heights.push(me.known.get(first + i) ?? estimate(items[i]!));
  }

  const from = items.length ? me.heights.at(view.top - AHEAD) : 0;
  const to = items.length ? me.heights.at(view.top + view.height + AHEAD) : -1;

  const read = (): void => {
    const element = box.current;
    if (!element) return;
    // Content that grows below is no reason to leave the end; only a scroll upwards is.
    if (element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_END) me.atEnd = true;
    else if (element.scrollTop < me.lastTop - 1) me.atEnd = false;
    me.lastTop = element.scrollTop;
    setView((old) => old.top === element.scrollTop && old.height === element.clientHeight
      ? old : { top: element.scrollTop, height: element.clientHeight, turn: old.turn });
    if (element.scrollTop < AHEAD) onTop?.();
  };

  useLayoutEffect(() => {
    const measured = new ResizeObserver((entries) => {
      const element = box.current;
      if (!element) return;
      let above = 0;
      let changed = false;
      const anchor = me.first + me.heights.at(element.scrollTop);
      for (const entry of entries) {
        const target = entry.target as HTMLElement;
        if (target === element) { changed = true; continue; }
        const key = Number(target.dataset.key);
        const height = entry.borderBoxSize[0]?.blockSize ?? target.offsetHeight;
        if (!height || me.known.get(key) === height || !target.isConnected) continue;
        me.known.set(key, height);
        const by = me.heights.set(key - me.first, height);
        changed ||= by !== 0;
        if (key < anchor) above += by;
      }
      if (!changed) return;
      if (above && !me.atEnd) element.scrollTop += above;
      setView((old) => ({ top: element.scrollTop, height: element.clientHeight, turn: old.turn + 1 }));
    });
    watcher.current = measured;
    if (box.current) measured.observe(box.current);
    for (const element of drawn.current.values()) measured.observe(element);
    read();
    return () => measured.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    if (me.target !== null) {
      element.scrollTop = me.target;
      me.target = null;
      read();
    } else if (me.atEnd) {
      element.scrollTop = element.scrollHeight;
      read();
    }
  }, [rev, items.length, view.turn, tail]);

  useEffect(() => {
    if (!items.length) return;
    const last = me.heights.at(view.top + view.height - 8);
    onShown?.(first + last, me.atEnd);
  }, [rev, view.top, view.height, view.turn]);

  handle.current = {
    toKey(key) {
      const element = box.current;
      if (!element) return;
      me.atEnd = false;
      element.scrollTop = Math.max(0, me.heights.top(key - me.first) - 24);
      read();
      requestAnimationFrame(() => {
        element.scrollTop = Math.max(0, me.heights.top(key - me.first) - 24);
        drawn.current.get(key)?.querySelector<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
      });
    },
    toEnd() {
      me.atEnd = true;
      setView((old) => ({ ...old, turn: old.turn + 1 }));
    },
  };

  const watch = useRef((element: HTMLElement) => {
    const key = Number(element.dataset.key);
    drawn.current.set(key, element);
    watcher.current?.observe(element);
    return () => {
      watcher.current?.unobserve(element);
      drawn.current.delete(key);
    };
  }).current;
  const kept = useRef({ deps, drawings: new Map<T, ComponentChildren>() }).current;
  if (deps.length !== kept.deps.length || deps.some((one, i) => one !== kept.deps[i])) kept.drawings.clear();
  kept.deps = deps;
  const drawings = new Map<T, ComponentChildren>();
  const drawing = (item: T): ComponentChildren => {
    const made = kept.drawings.get(item) ?? render(item);
    drawings.set(item, made);
    return made;
  };
  const shown = [];
  for (let i = from; i <= to; i++) {
    const key = first + i;
    shown.push(
      <Item key={key} at={key} top={me.heights.top(i)} watch={watch}>
        {drawing(items[i]!)}
      </Item>,
    );
  }
  kept.drawings = drawings;
  return (
    <div ref={box} class="timeline" tabIndex={0} role="region" aria-label={label} onScroll={read}>
      <div class="runway" role={items.length ? "feed" : undefined} aria-label={items.length ? label : undefined} style={{ height: `${me.heights.total}px` }}>
        {shown}
      </div>
      {tail}
    </div>
  );
}
