// Builds what browsers are sent into src/icart_gateway/pages/static: each file's name carries a digest of what is in it, so that a
// browser may keep it for ever. `make frontend` runs it; what it makes is committed.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { compile } from "sass";

const OUT = "../src/icart_gateway/pages/static";
const AXE = "../tests/browser/vendor";

const style = compile("style/app.scss", { loadPaths: ["node_modules", "."], style: "compressed", quietDeps: true }).css;
// One picture of MOJ's is for old timelines, which these pages have not.
const css = style.replace(/background-image:url\([^)]*icon-document\.svg\);?/, "");
if (/url\((?!"?data:)|@import|@font-face|Transport/i.test(css)) {
  throw new Error("the style asks for something from elsewhere, or for GOV.UK's own font");
}
const script = buildSync({
  bundle: true, entryPoints: ["script/app.js"], format: "esm", legalComments: "none", minify: true, target: ["es2022"], write: false,
}).outputFiles[0].contents;

const made = { "app.css": Buffer.from(css), "app.js": Buffer.from(script), "mark.svg": readFileSync("mark.svg") };
mkdirSync(OUT, { recursive: true });
readdirSync(OUT).forEach((name) => rmSync(join(OUT, name)));
for (const [name, bytes] of Object.entries(made)) {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const [stem, ending] = name.split(".");
  writeFileSync(join(OUT, `${stem}.${digest}.${ending}`), bytes);
}

const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
const own = (name) => readFileSync(`licences/${name}.txt`, "utf8").trim();
const parts = [
  `govuk-frontend ${version("govuk-frontend")}: parts of app.css and app.js. Its font and the crown are not used.\n\n${own("govuk-frontend")}`,
  `@ministryofjustice/frontend ${version("@ministryofjustice/frontend")}: parts of app.css.\n\n${own("moj-frontend")}`,
  `htmx ${version("htmx.org")}: part of app.js.\n\n${readFileSync("node_modules/htmx.org/LICENSE", "utf8").trim()}`,
];
writeFileSync(join(OUT, "THIRD-PARTY.txt"), `What others wrote in the files of this folder, and their licences.\n\n${parts.join("\n\n----\n\n")}\n`);

mkdirSync(AXE, { recursive: true });
writeFileSync(join(AXE, "axe.min.js"), readFileSync("node_modules/axe-core/axe.min.js"));
writeFileSync(join(AXE, "LICENCE.txt"), `axe-core ${version("axe-core")}, unchanged.\n\n${readFileSync("node_modules/axe-core/LICENSE", "utf8")}`);
for (const [name, bytes] of Object.entries(made)) {
  console.log(`${name}: ${bytes.length} bytes`);
}
