import type { Plugin } from "vite";

const call = /\bgraphql\(\s*`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`,?\s*\)/g;

/** Puts the generated document in place of each `graphql(…)` call, so the lookup table of all sources is not shipped. */
export function inlineDocuments(): Plugin {
  return {
    name: "parley-documents",
    enforce: "pre",
    transform(code, id) {
      if (!/\.tsx?$/.test(id) || id.includes("/generated/") || !code.includes("graphql(`")) return null;
      const names = new Set<string>();
      const out = code.replace(call, (_, kind: string, name: string) => {
        const doc = kind === "fragment" ? `${name}FragmentDoc` : `${name}Document`;
        names.add(doc);
        return `generated_${doc}`;
      });
      if (names.size === 0) return null;
      const imports = [...names].map((n) => `${n} as generated_${n}`).join(", ");
      return { code: `import { ${imports} } from "@/graphql/generated/graphql";\n${out}`, map: null };
    },
  };
}
