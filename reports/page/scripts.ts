/**
 * The page's two scripts: what makes it answer (`page.js`) and the simulator for its worker (`what-if.js`, out of sim/, models/ and the
 * figures). In a checkout they are bundled when a report is first written, and keeps them until a source changes; the build brings
 * them along. Equal sources give equal bytes.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface PageScripts {
  readonly page: string
  readonly whatIf: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const isCheckout = import.meta.url.endsWith('.ts')

/** Where the build leaves them, below its own folder. */
const built = { page: 'reports/browser/page.js', whatIf: 'reports/browser/what-if.js' } as const

let ready: Promise<PageScripts> | undefined

export function pageScripts(): Promise<PageScripts> {
  ready ??= isCheckout ? cachedBundle() : Promise.resolve(read(root))
  return ready
}

/** Writes them into the build. */
export async function writeScripts(folder: string): Promise<void> {
  const scripts = await bundle()
  for (const name of ['page', 'whatIf'] as const) {
    mkdirSync(join(folder, 'reports/browser'), { recursive: true })
    writeFileSync(join(folder, built[name]), scripts[name])
  }
}

function read(folder: string): PageScripts {
  return { page: readFileSync(join(folder, built.page), 'utf8'), whatIf: readFileSync(join(folder, built.whatIf), 'utf8') }
}

async function cachedBundle(): Promise<PageScripts> {
  const cache = join(root, 'node_modules/.cache/fairway', `page-${sourcesHash()}.json`)
  if (existsSync(cache)) return JSON.parse(readFileSync(cache, 'utf8')) as PageScripts
  const scripts = await bundle()
  try {
    mkdirSync(join(root, 'node_modules/.cache/fairway'), { recursive: true })
    writeFileSync(`${cache}.${process.pid}`, JSON.stringify(scripts))
    renameSync(`${cache}.${process.pid}`, cache)
  } catch {
    // A checkout that can't be written to bundles each time.
  }
  return scripts
}

/** Over every source that may be bundled, and the versions of what they import. */
function sourcesHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const room of ['sim', 'models', 'experiments', 'reports']) {
    const files = readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    for (const file of files.sort()) hash.update(`${room}/${file}\0`).update(readFileSync(join(root, room, file)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function bundle(): Promise<PageScripts> {
  const { rolldown } = await import('rolldown')
  const one = async (entry: string): Promise<string> => {
    const bundle = await rolldown({
      input: join(root, entry),
      cwd: root,
      platform: 'browser',
      tsconfig: join(root, 'tsconfig.json'),
      transform: { target: 'es2022', define: { 'process.env.NODE_ENV': '"production"' } },
      logLevel: 'silent',
    })
    try {
      const { output } = await bundle.generate({ format: 'iife', codeSplitting: false, minify: true, comments: false })
      return output[0].code
    } finally {
      await bundle.close()
    }
  }
  const [page, whatIf] = await Promise.all([one('reports/browser/page.ts'), one('reports/browser/worker.ts')])
  return { page, whatIf }
}
