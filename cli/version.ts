import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { packageRoot } from '../experiments/package-root.js'

/** The version in package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string }).version
}

/** What computes, stores and draws the results; a difference of bytes is looked for here first. */
const parts = [
  'vega',
  'vega-lite',
  '@duckdb/node-api',
  '@resvg/resvg-js',
  'pdfkit',
  'svg-to-pdfkit',
  'dejavu-fonts-ttf',
  'simple-statistics',
  'yaml',
  'zod',
]

/** Versions for the manifest. */
export function versions(): Record<string, string> {
  const wanted = (JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { dependencies: Record<string, string> })
    .dependencies
  return {
    fairway: version(),
    node: process.version,
    ...Object.fromEntries(parts.map((part) => [part, installed(part) ?? wanted[part] ?? 'unknown'])),
  }
}

const require = createRequire(import.meta.url)

function installed(part: string): string | null {
  try {
    return (require(`${part}/package.json`) as { version: string }).version
  } catch {
    return null // the package does not export its package.json: what package.json pins is what is installed
  }
}
