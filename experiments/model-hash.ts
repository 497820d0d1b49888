/**
 * The hash of the model's sources, `sim/` and `models/`: a changed model never reuses a row. In a checkout it is taken from the files; the
 * build writes it beside its output (`npm run build`), so that both name the same model.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const rooms = ['sim', 'models']
const here = fileURLToPath(new URL('..', import.meta.url))

/** Hash over the paths and contents of every TypeScript source of the two rooms under `root`, in the order of their paths. */
export async function hashSources(root: string): Promise<string> {
  const files: string[] = []
  for (const room of rooms) {
    for (const entry of await readdir(join(root, room), { recursive: true })) if (entry.endsWith('.ts')) files.push(`${room}/${entry}`)
  }
  files.sort()
  const contents = await Promise.all(files.map((file) => readFile(join(root, file))))
  const hash = createHash('sha256')
  for (const [i, file] of files.entries()) hash.update(`${file}\0`).update(contents[i]!).update('\0')
  return hash.digest('hex').slice(0, 16)
}

/** The hash of the model that this program runs. */
export async function modelHash(): Promise<string> {
  if (import.meta.url.endsWith('.ts')) return hashSources(here)
  return (await readFile(join(here, 'model-hash'), 'utf8')).trim()
}
