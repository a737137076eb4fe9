// Write src/contract.ts, the types of what the server answers, from its OpenAPI file.
import { writeFileSync } from 'node:fs';
import openapi, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const contract = new URL('../../nbmlops/server/openapi.yaml', import.meta.url);
const anything = ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword);

const types = await openapi(contract, {
  // Plain JSON contains itself, which an interface cannot say.
  transform: (_, { path }) => (path?.endsWith('/schemas/Value') ? anything : undefined),
  silent: true
});
writeFileSync(new URL('../src/contract.ts', import.meta.url), astToString(types));
