// node build.mjs SOURCES OUT: bundles the page and the editor's workers into OUT.
import { rm } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

const [sources, out] = process.argv.slice(2);
const shared = {
  bundle: true,
  minify: true,
  outdir: out,
  target: "es2022",
  charset: "utf8",
  legalComments: "linked",
  logLevel: "warning",
  define: { "process.env.NODE_ENV": '"production"' },
  // The sources lie in the project, the packages where npm put them.
  nodePaths: [path.resolve("node_modules")],
};

await rm(out, { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: [path.join(sources, "main.js")],
  format: "esm",
  splitting: true,
  entryNames: "[name]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]",
  loader: { ".ttf": "file", ".graphql": "text" },
});
await build({
  ...shared,
  entryPoints: {
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
  },
  format: "iife",
});
