// Lets Node run the TypeScript sources of a checkout as they are (STACK: ts-node's ES module hooks).
import { register } from 'node:module'

register('ts-node/esm', import.meta.url)
