// What the bundles take in as the styles: style/base.css without its comments and blanks.
import { transformSync } from 'esbuild';
import { readFileSync, mkdirSync, writeFileSync } from 'node:fs';

export function small(css) {
  return transformSync(css, { loader: 'css', minify: true, target: 'es2022' }).code.trim();
}

const lib = new URL('../lib/', import.meta.url);
mkdirSync(lib, { recursive: true });
const base = readFileSync(new URL('../style/base.css', import.meta.url), 'utf8');
writeFileSync(new URL('style.raw.css', lib), small(base));
