/** A native modal dialog: traps focus by itself, gives it back, Esc closes unless `busy`. */
import { createContext, type ComponentChildren } from "preact";
import { useContext, useEffect, useId, useRef } from "preact/hooks";
import { t } from "../i18n";
import { Icon } from "./Icon";

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  foot?: ComponentChildren;
  wide?: boolean;
  /** With this the dialog is a form. */
  onSubmit?: () => void;
  busy?: boolean;
  class?: string;
}

/** What stands around the form, whatever the form is. */
export interface Frame {
  /** About whom or what this is. */
  top?: ComponentChildren;
  /** Why nothing can be submitted now: what was typed stays, out of reach. */
  stop?: ComponentChildren;
}

export const DialogFrame = createContext<Frame>({});

export function Dialog({ title, onClose, children, foot, wide, onSubmit, busy, class: extra }: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const name = useId();
  const { top, stop } = useContext(DialogFrame);
  const stopped = Boolean(stop);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => {
      box.current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={box} class={`${wide ? "wide " : ""}${extra ?? ""}`} aria-labelledby={name}
      onCancel={(event) => {
        event.preventDefault();
        if (!busy) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.current?.querySelector("form")?.requestSubmit();
        if (event.key !== "Escape") event.stopPropagation();
      }}
    >
      <form
        class="dialog-form" noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!stopped) onSubmit?.();
        }}
      >
        <div class="dialog-head">
          <h2 id={name}>{title}</h2>
          <button type="button" class="quiet bare" onClick={onClose} aria-label={t("common.close")}>
            <Icon name="cross" />
          </button>
        </div>
        {top ? <div class="dialog-top">{top}</div> : null}
        <div class="dialog-body">
          {stop}
          <div class="dialog-hold" inert={stopped}>{children}</div>
        </div>
        {stopped ? <div class="dialog-foot"><button type="button" onClick={onClose}>{t("common.cancel")}</button></div>
          : foot ? <div class="dialog-foot">{foot}</div> : null}
      </form>
    </dialog>
  );
}
