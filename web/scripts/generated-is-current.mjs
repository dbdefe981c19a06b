// Generates the API types once more and fails when that changes a file.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const folder = new URL("../src/graphql/generated/", import.meta.url);
const read = () =>
  readdirSync(folder)
    .map((f) => [f, readFileSync(new URL(f, folder), "utf8")].join("\n"))
    .join("\n");

const before = read();
execFileSync("graphql-codegen", ["--config", "codegen.ts"], { stdio: ["ignore", "ignore", "inherit"], shell: true });
if (read() !== before) {
  process.stderr.write(
    "src/graphql/generated is not what schema.graphqls and graphql/schema say; run `npm run generate` and commit it\n",
  );
  process.exit(1);
}
