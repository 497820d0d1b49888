/** The studies that ship, read from `experiments/published/`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from './package-root.js'
import { parseStudy, type Study } from './published.js'

const shipped = fileURLToPath(new URL('experiments/published/', packageRoot))

/** By file name. @throws Error for a file that is no study */
export function shippedStudies(): Study[] {
  if (!existsSync(shipped)) return []
  return readdirSync(shipped)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => parseStudy(readFileSync(join(shipped, name), 'utf8'), name.replace(/\.yaml$/, '')))
}
