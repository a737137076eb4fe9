// What JupyterLab's builder is told beyond its own settings.
const { resolve } = require('node:path');

module.exports = {
  resolve: { alias: { 'react/jsx-runtime': resolve(__dirname, '../lib/jsx_runtime.js') } }
};
