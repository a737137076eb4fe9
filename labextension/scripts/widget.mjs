// Bundle the notebook widgets, with React and their styles, into one module for anywidget.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/widgets/index.tsx'],
  outfile: '../nbmlops/widgets/static/widget.js',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  minify: true,
  legalComments: 'eof',
  alias: { 'react/jsx-runtime': './src/jsx_runtime.ts' },
  loader: { '.css': 'text' },
  define: { 'process.env.NODE_ENV': '"production"' }
});
