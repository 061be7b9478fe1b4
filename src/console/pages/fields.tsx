/** Fields of a form that is saved through the API. The API's message about a field is shown below it. */
import type { Child } from "hono/jsx";

export function Group({ title, children }: { title: string; children?: Child }) {
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  );
}

interface WholeProps {
  name: string;
  label: string;
  value: number;
  max: number;
  min?: number;
  unit?: string;
  children?: Child;
}

export function Whole({ name, label, value, min = 0, max, unit, children }: WholeProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <span class="with-unit">
        <input
          id={name}
          name={name}
          type="number"
          inputmode="numeric"
          min={min}
          max={max}
          step={1}
          value={value}
          required
        />
        {unit !== undefined && <span class="muted">{unit}</span>}
      </span>
      {children !== undefined && <p class="hint">{children}</p>}
      <p class="field-problem" data-problem={name} />
    </div>
  );
}

export function Check({ name, label, on, children }: { name: string; label: string; on: boolean; children?: Child }) {
  return (
    <div class="field">
      <label class="check">
        <input type="checkbox" name={name} {...(on ? { checked: true } : {})} />
        {label}
      </label>
      {children !== undefined && <p class="hint">{children}</p>}
    </div>
  );
}
