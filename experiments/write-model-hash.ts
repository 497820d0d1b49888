/** The build's last step: keeps the hash of the sources that were built, because the build itself has none. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hashSources } from './model-hash.js'
import { packageRoot } from './package-root.js'

const hash = await hashSources(fileURLToPath(packageRoot))
writeFileSync(new URL('dist/model-hash', packageRoot), `${hash}\n`)
console.log(`built dist/ of model ${hash}`)
