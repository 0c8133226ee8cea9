// The one file that pages load: `npm run build`, or `node build.mjs elsewhere.js`.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { build, transform } from "esbuild";

const styles = {
  name: "styles as a minified string",
  setup(builder) {
    builder.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

/** Every language but English without its keys: those are English's, in the same order. */
const languages = {
  name: "languages as rows under English's keys",
  setup(builder) {
    builder.onLoad({ filter: /strings\/\w\w\.ts$/ }, async ({ path }) => {
      if (path.endsWith("en.ts")) return null;
      const [strings, english] = [await load(path), await load(path.replace(/\w+\.ts$/, "en.ts"))];
      const row = Object.keys(english).map((key) => strings[key]).join("|");
      const name = basename(path, ".ts");
      return { contents: `import { unpack } from "./en";\nexport const ${name} = unpack(${JSON.stringify(row)});` };
    });
  },
};

async function load(path) {
  const { code } = await transform(await readFile(path, "utf8"), { loader: "ts" });
  return Object.values(await import(`data:text/javascript,${encodeURIComponent(code)}`)).find((one) => one.title);
}

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/main.ts"],
  outfile: process.argv[2] ?? "dist/widget.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  plugins: [styles, languages],
});
