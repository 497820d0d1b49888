/** Writes the reference page and the JSON Schema beside the schema that they come from: `node --import ./register.mjs experiments/schema/generate.ts`. */
import { writeFileSync } from 'node:fs'
import { jsonSchema, referencePage } from './reference.js'

writeFileSync(new URL('experiment.schema.json', import.meta.url), `${JSON.stringify(jsonSchema(), null, 2)}\n`)
writeFileSync(new URL('REFERENCE.md', import.meta.url), referencePage())
