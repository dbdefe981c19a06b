import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: ["../schema.graphqls", "../graphql/schema/*.graphqls"],
  documents: ["src/**/*.{ts,tsx}", "!src/graphql/generated/**"],
  generates: {
    "src/graphql/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: { unmaskFunctionName: "readFragment" } },
      config: {
        scalars: { Time: "string", ID: "string" },
        enumsAsTypes: true,
        useTypeImports: true,
        avoidOptionals: { field: true },
        strictScalars: true,
      },
    },
  },
};

export default config;
