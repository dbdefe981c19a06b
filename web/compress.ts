import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/**
 * Replaces each script and style sheet of the build with brotli and gzip versions at the highest compression level. The
 * server sends the version that the browser accepts, and unpacks one for a client that accepts neither.
 */
export function compressAssets(): Plugin {
  return {
    name: "parley-compress",
    apply: "build",
    async writeBundle({ dir }) {
      if (!dir) throw new Error("the build has no output folder");
      const assets = join(dir, "assets");
      for (const name of await readdir(assets)) {
        if (!/\.(js|css)$/.test(name)) continue;
        const file = join(assets, name);
        const text = await readFile(file);
        await writeFile(
          `${file}.br`,
          brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } }),
        );
        await writeFile(`${file}.gz`, gzipSync(text, { level: 9 }));
        await rm(file);
      }
    },
  };
}
