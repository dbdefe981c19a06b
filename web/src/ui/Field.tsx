import { type ComponentProps, type ReactNode, useId } from "react";
import { cn } from "@/lib/cn";

const box = cn(
  "w-full rounded-md border border-line-strong bg-surface px-2.5 text-base text-text outline-none",
  "transition-colors focus:border-accent focus:ring-2 focus:ring-accent-soft disabled:opacity-60",
  "aria-invalid:border-danger",
);

type FrameProps = {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  required?: boolean;
  className?: string;
};

function Frame({
  id,
  label,
  hint,
  error,
  required,
  className,
  children,
}: FrameProps & { id: string; children: ReactNode }) {
  return (
    <div className={cn("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="font-medium text-muted text-sm">
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </label>
      {children}
      {error ? (
        <p id={`${id}-error`} role="alert" className="text-danger text-sm">
          {error}
        </p>
      ) : (
        hint && <p className="text-muted text-sm">{hint}</p>
      )}
    </div>
  );
}

type InputProps = FrameProps & Omit<ComponentProps<"input">, "className" | "id">;

/** A one-line text field with its label above and its error below. */
export function Field({ label, hint, error, className, required, ...rest }: InputProps) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, className: className ?? "" }} {...(required ? { required } : {})}>
      <input
        id={id}
        className={cn(box, "h-9")}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        required={required}
        {...rest}
      />
    </Frame>
  );
}

type AreaProps = FrameProps & Omit<ComponentProps<"textarea">, "className" | "id">;

export function TextArea({ label, hint, error, className, required, ...rest }: AreaProps) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, className: className ?? "" }} {...(required ? { required } : {})}>
      <textarea
        id={id}
        className={cn(box, "min-h-20 py-2")}
        aria-invalid={error ? true : undefined}
        required={required}
        {...rest}
      />
    </Frame>
  );
}

type SelectProps = FrameProps & Omit<ComponentProps<"select">, "className" | "id">;

/** A native select, which works with every screen reader and phone. */
export function Select({ label, hint, error, className, required, children, ...rest }: SelectProps) {
  const id = useId();
  return (
    <Frame {...{ id, label, hint, error, className: className ?? "" }} {...(required ? { required } : {})}>
      <select id={id} className={cn(box, "h-9")} aria-invalid={error ? true : undefined} required={required} {...rest}>
        {children}
      </select>
    </Frame>
  );
}

/** A check box with its label. */
export function Check({
  label,
  hint,
  ...rest
}: { label: string; hint?: string } & Omit<ComponentProps<"input">, "type" | "id">) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input id={id} type="checkbox" className="mt-0.5 size-4 accent-accent" {...rest} />
      <label htmlFor={id} className="text-base">
        {label}
        {hint && <span className="block text-muted text-sm">{hint}</span>}
      </label>
    </div>
  );
}
