import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultFolder } from '../../experiments/store/index.js'
import { writeReport } from '../../reports/write-report.js'
import { hasBrowser } from '../browser/chromium.js'
import { inventedInput } from './invented-results.js'

let folder: string
// The first report of a checkout bundles the page's scripts.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fairway-page-'))
  await writeReport(resultFolder(folder), inventedInput, { folder: 'results/invented' })
}, 180_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the page', () => {
  it('is one file under 6 MB that names no address of the network, and whose policy lets its own script run alone', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    expect(statSync(join(folder, 'index.html')).size).toBeLessThan(6e6)
    // Names of vocabularies are not addresses that are fetched.
    expect(html.replaceAll(/xmlns(:xlink)?="[^"]*"/g, '')).not.toMatch(/https?:\/\//)
    const running = [...html.matchAll(/<script(?![^>]*\btype=)[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]!)
    expect(running).toHaveLength(1)
    const hash = createHash('sha256').update(running[0]!).digest('base64')
    expect(html).toContain(`default-src 'none'; script-src 'sha256-${hash}'; worker-src blob:;`)
  })

  it('gives no two elements the same id', () => {
    const ids = [...readFileSync(join(folder, 'index.html'), 'utf8').matchAll(/\bid="([^"]+)"/g)].map((match) => match[1])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('has the same bytes on every call', async () => {
    const before = readFileSync(join(folder, 'index.html'))
    await writeReport(resultFolder(folder), inventedInput, { folder: 'results/invented' })
    expect(readFileSync(join(folder, 'index.html')).equals(before)).toBe(true)
  })

  it('names every picture for those who cannot see it, and tells the value of each mark', () => {
    const whole = readFileSync(join(folder, 'index.html'), 'utf8')
    const html = whole.slice(0, whole.indexOf('</main>'))
    const names = [...html.matchAll(/<svg [^>]*role="img" aria-label="([^"]*)"/g)].map((match) => match[1]!)
    expect(names.length).toBeGreaterThan(5)
    expect(names.filter((name) => name.length < 10)).toEqual([])
    expect(html).toContain('<title>bridge, 64 B, simulated: 8.71 ± 0.13 µs</title>')
  })

  it('hatches on its first screen what no tracepoint observes', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    expect(html.slice(0, html.indexOf('<h2 id="figures">'))).toContain('<pattern id="first-stage-differences-hatch')
  })

  it('offers no what-if where there is no experiment file to change', () => {
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).not.toContain('id="what-if"')
  })

  it('is looked at in a browser wherever the tests must be complete', () => {
    expect(hasBrowser || process.env['CI'] !== 'true').toBe(true)
  })
})
