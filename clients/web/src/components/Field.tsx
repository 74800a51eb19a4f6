/** Form fields: label above, hint and what is wrong below, wired for screen readers. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface Common {
  label: ComponentChildren;
  hint?: string;
  wrong?: string;
  required?: boolean;
}

export interface TextProps extends Common {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "tel" | "date" | "password" | "number" | "datetime-local" | "search";
  rows?: number;
  unit?: string;
  max?: number;
  autoFocus?: boolean;
  autoComplete?: string;
  placeholder?: string;
}

/** A line, a number with its unit, or a box of `rows` lines. Numbers stay text until sent. */
export function TextField(props: TextProps) {
  const id = useId();
  const { label, hint, wrong, value, onInput, type = "text", rows, unit, max, required } = props;
  const describedBy = [hint && `${id}h`, unit && `${id}u`, wrong && `${id}w`].filter(Boolean).join(" ") || undefined;
  const shared = {
    id, value, maxLength: max, required, placeholder: props.placeholder, autoFocus: props.autoFocus,
    "aria-invalid": wrong ? ("true" as const) : undefined, "aria-describedby": describedBy,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  const numeric = type === "number";
  const line = (
    <input
      {...shared} type={(numeric ? "text" : type) as "text"} inputMode={numeric ? "decimal" : undefined}
      autoComplete={props.autoComplete ?? "off"}
    />
  );
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint ? <span class="hint" id={`${id}h`}>{hint}</span> : null}
      {rows ? <textarea {...shared} rows={rows} /> : unit ? (
        <span class="with-unit">{line}<span class="unit" id={`${id}u`}>{unit}</span></span>
      ) : line}
      {wrong ? <span class="wrong" id={`${id}w`}>{wrong}</span> : null}
    </div>
  );
}

export interface Option<V extends string> {
  value: V;
  label: ComponentChildren;
}

export interface ChoiceProps<V extends string> extends Common {
  value: V | "";
  options: readonly Option<V>[];
  onPick: (value: V) => void;
  inline?: boolean;
  disabled?: boolean;
}

/** One tap out of a few: real radios in a fieldset. */
export function Choice<V extends string>({ label, hint, wrong, value, options, onPick, inline, disabled }: ChoiceProps<V>) {
  const id = useId();
  const radios = (
    <div class="choice">
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio" name={id} value={option.value} checked={value === option.value} disabled={disabled}
            aria-describedby={wrong ? `${id}w` : undefined}
            onChange={() => onPick(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
  if (inline)
    return (
      <div class="answers" role="radiogroup" aria-labelledby={id}>
        <span id={id}>{label}{wrong ? <span class="wrong" id={`${id}w`}> {wrong}</span> : null}</span>
        {radios}
      </div>
    );
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      {hint ? <span class="hint">{hint}</span> : null}
      {radios}
      {wrong ? <span class="wrong" id={`${id}w`}>{wrong}</span> : null}
    </fieldset>
  );
}

export function Select({ label, value, options, onPick }: {
  label: string; value: string; options: readonly Option<string>[]; onPick: (value: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    </div>
  );
}

export function Check({ label, checked, onChange }: { label: ComponentChildren; checked: boolean; onChange: (on: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

/** A typed number: comma or point; null where nothing is said; undefined where it is no number. */
export function asNumber(text: string): number | null | undefined {
  const plain = text.trim().replace(",", ".");
  if (!plain) return null;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}
