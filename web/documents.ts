import { type DocumentNode, print, stripIgnoredCharacters } from "graphql";
import type { Plugin } from "vite";

const call = /\bgraphql\(\s*`\s*(query|mutation|subscription|fragment)\s+(\w+)[^`]*`,?\s*\)/g;
const generated = /^export const (\w+) = (\{"kind":"Document".*\}) as unknown as DocumentNode<.*>;$/gm;

/**
 * Replaces the generated GraphQL documents with their source text, which is parsed when the page starts. The generated
 * trees are ten times as long, and the bundle would also need the table that finds a tree by its source.
 */
export function inlineDocuments(): Plugin {
  return {
    name: "parley-documents",
    enforce: "pre",
    transform(code, id) {
      if (id.endsWith("/generated/graphql.ts")) return { code: asText(code), map: null };
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

function asText(code: string): string {
  const out = code.replace(generated, (_, name: string, json: string) => {
    const text = stripIgnoredCharacters(print(JSON.parse(json) as DocumentNode));
    return `export const ${name} = /* @__PURE__ */ gql(${JSON.stringify(text)});`;
  });
  return `import { gql } from "urql";\n${out}`;
}
