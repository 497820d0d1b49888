/** `npm run build`: bundles the page's scripts into the build, so that writing a report bundles nothing. */
import { fileURLToPath } from 'node:url'
import { writeScripts } from './scripts.js'

await writeScripts(fileURLToPath(new URL('../../dist/', import.meta.url)))
