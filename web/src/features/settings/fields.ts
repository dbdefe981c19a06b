export type FieldSetting = { key: string; label: string; type: string; required: boolean; options: string[] };

/** Parses custom fields, one per line: key | label | type | required | choices. */
export function readFields(text: string): FieldSetting[] {
  return text.split("\n").flatMap((line) => {
    const [key = "", label = "", type = "", required = "", options = ""] = line.split("|").map((p) => p.trim());
    if (!key) return [];
    return [
      {
        key,
        label: label || key,
        type: type || "text",
        required: required === "required",
        options: options
          .split(",")
          .map((o) => o.trim())
          .filter(Boolean),
      },
    ];
  });
}

export function writeFields(fields: readonly Readonly<FieldSetting>[]): string {
  return fields
    .map((f) =>
      [f.key, f.label, f.type, f.required ? "required" : "optional", f.options.join(", ")]
        .join(" | ")
        .replace(/[ |]+$/, ""),
    )
    .join("\n");
}
