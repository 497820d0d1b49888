import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resultFolder } from '../../experiments/store/index.js'
import { writeReport } from '../../reports/write-report.js'
import { inventedInput } from './invented-results.js'

/** Debian's browser; its flags keep it from asking the network for anything of its own. */
const executablePath = '/usr/bin/chromium'
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-sync',
  '--disable-component-update',
  '--disable-quic',
]

const hasBrowser = existsSync(executablePath)
if (!hasBrowser)
  console.warn(`left out: the page in a browser, because ${executablePath} is missing; \`apt-get install chromium\` enables it`)

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fairway-page-'))
  await writeReport(resultFolder(folder), inventedInput, { folder: 'results/invented' })
})
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

  it('is looked at in a browser wherever the tests must be complete', () => {
    expect(hasBrowser || process.env['CI'] !== 'true').toBe(true)
  })
})

describe.runIf(hasBrowser)('the page in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args })
  })
  afterAll(() => browser?.close())

  async function open(options: { width: number; height: number; colorScheme?: 'light' | 'dark' }) {
    const context = await browser.newContext({ viewport: options, colorScheme: options.colorScheme ?? 'light' })
    const page = await context.newPage()
    const said: string[] = []
    const asked: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(String(error)))
    page.on('request', (request) => asked.push(request.url()))
    const url = pathToFileURL(join(folder, 'index.html')).href
    await page.goto(url)
    return { page, said, asked, url }
  }

  it('opens from disk without a word on the console and asks for nothing else', async () => {
    const { said, asked, url } = await open({ width: 1280, height: 800 })
    expect(said).toEqual([])
    expect(asked).toEqual([url])
  })

  it('holds question, answer, figure, stages, trust, warnings, command and citation on the first screen of 1280 x 800', async () => {
    const { page } = await open({ width: 1280, height: 800 })
    const parts = [
      'h1',
      '.answer',
      '.first .main svg',
      '.first .side svg',
      '.trust',
      '.warnings',
      '[aria-labelledby=reproduce]',
      '[aria-labelledby=cite]',
    ]
    for (const part of parts) {
      const box = await page.locator(part).first().boundingBox()
      expect(box, part).not.toBeNull()
      expect(box!.height, part).toBeGreaterThan(0)
      expect(box!.y + box!.height, part).toBeLessThanOrEqual(800)
    }
    expect(await page.locator('.first .side svg pattern').count()).toBeGreaterThan(0)
  })

  it('follows the dark scheme, figures included', async () => {
    const { page } = await open({ width: 1280, height: 800, colorScheme: 'dark' })
    const colours = await page.evaluate<{ background: string; label: string }>(
      `({ background: getComputedStyle(document.documentElement).backgroundColor, label: getComputedStyle(document.querySelector('svg text')).fill })`,
    )
    expect(colours).toEqual({ background: 'rgb(21, 23, 26)', label: 'rgb(232, 230, 225)' })
  })

  it('does not scroll sideways on a telephone', async () => {
    const { page } = await open({ width: 390, height: 844 })
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  })

  it('is reached with the keyboard: first the way past the head, then links and tables in order', async () => {
    const { page } = await open({ width: 1280, height: 800 })
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to all figures')
    const unreachable = await page.evaluate<number>(
      `[...document.querySelectorAll('.scroll')].filter((frame) => frame.tabIndex < 0).length`,
    )
    expect(unreachable).toBe(0)
  })

  it('names every picture for those who cannot see it, and tells the value of each mark', async () => {
    const { page } = await open({ width: 1280, height: 800 })
    const labels = await page
      .locator('figure svg')
      .evaluateAll((pictures) => pictures.map((picture) => picture.getAttribute('aria-label') ?? ''))
    expect(labels.length).toBeGreaterThan(5)
    expect(labels.filter((label) => label.length < 10)).toEqual([])
    const tips = await page.locator('svg [data-tip]').evaluateAll((marks) => marks.map((mark) => mark.getAttribute('data-tip')))
    expect(tips).toContain('bridge, 64 B, simulated: 8.71 ± 0.13 µs')
  })
})
