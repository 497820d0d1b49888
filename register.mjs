// Lets Node run the TypeScript sources of a checkout as they are, from any folder (STACK: ts-node's ES module hooks).
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'

process.env.TS_NODE_PROJECT ??= fileURLToPath(new URL('tsconfig.json', import.meta.url))
register('ts-node/esm', import.meta.url)
