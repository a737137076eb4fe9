import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import { config, configs } from 'typescript-eslint';

export default config(
  { ignores: ['lib', 'node_modules', 'src/contract.ts', 'scripts', 'eslint.config.js'] },
  js.configs.recommended,
  configs.recommended,
  {
    plugins: { 'react-hooks': hooks },
    rules: { ...hooks.configs.recommended.rules, 'no-undef': 'off' }
  }
);
