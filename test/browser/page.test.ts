/** The report page of a real run in a real browser, opened from disk. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answered, eventually, hasBrowser, launch, saved, type VisitOptions, visit } from './chromium.js'
import { writeSmallReport } from './small-report.js'

describe.runIf(hasBrowser)('the page in a browser', () => {
  let browser: Browser
  let folder: string
  let url: string
  // The first report of a checkout bundles the page's scripts.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fairway-page-'))
    url = await writeSmallReport(folder)
    browser = await launch()
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const textOf = (page: Page, place: string): Promise<string | null> => page.locator(place).first().textContent()

  it('is under 6 MB with the simulator in it, opens without a word on the console and asks for nothing else', async () => {
    expect(statSync(fileURLToPath(url)).size).toBeLessThan(6e6)
    const { page, said, asked } = await visit(browser, `${url}#what-if`)
    await answered(page)
    expect(said).toEqual([])
    expect(asked).toEqual([url])
  })

  it('holds the whole first screen of 1280 x 800 without scrolling', async () => {
    const { page } = await visit(browser, url)
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
      const box = (await page.locator(part).first().boundingBox())!
      expect(box.height, part).toBeGreaterThan(0)
      expect(box.y + box.height, part).toBeLessThanOrEqual(800)
    }
  })

  it('is reached with the keyboard: first the way past the head, and every frame that scrolls', async () => {
    const { page } = await visit(browser, url)
    await page.keyboard.press('Tab')
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Skip to all figures')
    expect(await page.locator('.scroll:not([tabindex="0"])').count()).toBe(0)
  })

  it('shows question, answer, figures and tables without a script, and no button that does nothing', async () => {
    const { page } = await visit(browser, url, { javaScriptEnabled: false })
    expect(await page.locator('figure svg').count()).toBeGreaterThan(5)
    expect(await page.locator('table').count()).toBeGreaterThan(3)
    expect(await page.locator('button').count()).toBe(0)
    expect(await textOf(page, '#what-if')).toContain('needs JavaScript')
  })

  it('tells the value under the pointer, and steps through the values with the arrows', async () => {
    const { page } = await visit(browser, url)
    const chart = page.locator('.first .main .chart')
    const mark = chart.locator('[data-tip]').first()
    const words = await mark.getAttribute('data-tip')
    await mark.hover({ force: true })
    expect(await page.locator('.tip').isVisible()).toBe(true)
    await chart.focus()
    await page.keyboard.press('Home')
    expect(await textOf(page, '.tip')).toBe(words)
    await page.keyboard.press('ArrowRight')
    const next = await chart.locator('[data-tip]').nth(1).getAttribute('data-tip')
    expect(await textOf(page, '.tip')).toBe(next)
    expect(await textOf(page, '.unseen[role=status]')).toBe(next)
  })

  it('enlarges a figure, zooms with keys and wheel, and puts it back', async () => {
    const { page } = await visit(browser, url)
    const figure = page.locator('figure[data-file="latency-cdf.svg"]')
    await figure.getByRole('button', { name: /^Enlarge/ }).click()
    const svg = page.getByRole('dialog').locator('svg')
    const whole = await svg.getAttribute('viewBox')
    await page.keyboard.press('+')
    const closer = await svg.getAttribute('viewBox')
    expect(Number(closer!.split(' ')[2])).toBeLessThan(Number(whole!.split(' ')[2]))
    await svg.hover()
    await page.mouse.wheel(0, -300)
    await eventually(() => svg.getAttribute('viewBox')).not.toBe(closer)
    await page.keyboard.press('0')
    expect(await svg.getAttribute('viewBox')).toBe(whole)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await figure.locator('svg').count()).toBe(1)
    expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Enlarge')
  })

  it('sorts a table by the unrounded values, and filters it', async () => {
    const { page } = await visit(browser, url)
    const table = page.getByRole('region', { name: /^Latency, p50/ }).locator('table')
    const column = async (at: number): Promise<string[]> => table.locator(`tbody tr:visible td:nth-child(${at})`).allTextContents()
    const values = async (): Promise<number[]> =>
      await table.locator('tbody tr td:nth-child(3)').evaluateAll((cells) => cells.map((cell) => Number(cell.getAttribute('data-value'))))
    const sorter = table.getByRole('button', { name: /^simulated/ })
    await sorter.click()
    const ascending = await values()
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b))
    await sorter.click()
    expect(await values()).toEqual([...ascending].reverse())
    expect(await table.locator('th[aria-sort=descending]').count()).toBe(1)
    await table.getByRole('button', { name: 'point' }).click()
    expect(await column(2)).toEqual(['64 B', '64 B', '64 B', '64 B', '1400 B', '1400 B', '1400 B', '1400 B'])
    await page.getByRole('searchbox', { name: /^Filter: Latency, p50/ }).fill('overlay 64')
    expect(await column(1)).toEqual(['overlay'])
  })

  it('leads from a number to its row, the experiment file and the command', async () => {
    const { page } = await visit(browser, url)
    await page
      .getByRole('region', { name: /^Latency, p50/ })
      .locator('tbody a')
      .first()
      .click()
    const card = page.getByRole('dialog')
    await eventually(() => card.textContent()).toContain('npm run -s fairway -- run experiments/network-models.yaml')
    const id = /row ([0-9a-f]{64})/.exec((await card.textContent())!)![1]!
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toContain(id)
    expect(await card.locator('dd').allTextContents()).toContain('p50')
    await card.getByText('Experiment file').click()
    expect((await saved(page, 'Save it')).text).toContain('name: network-models')
    await page.keyboard.press('Escape')
    await page
      .getByRole('region', { name: /^Processor time by stage/ })
      .locator('tbody a')
      .first()
      .click()
    await eventually(() => page.getByRole('dialog').textContent()).toContain('tables/stages.csv, record')
  })

  it('opens the row that an address names', async () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8')
    const id = /#row=([0-9a-f]{64})"/.exec(html)![1]!
    const { page } = await visit(browser, `${url}#row=${id}`)
    await eventually(() => page.getByRole('dialog').textContent()).toContain(id)
  })

  it('carries its rows and drawings: what it saves is what lies beside it', async () => {
    const { page } = await visit(browser, url)
    const stages = await saved(page, 'Save stages.csv')
    expect(stages.text).toContain('socket.send')
    const drawing = await saved(page, 'Save SVG: latency-by-size.svg')
    expect(drawing.text).toBe(readFileSync(join(folder, 'figures/latency-by-size.svg'), 'utf8'))
    const rows = await saved(page, 'Save rows.csv')
    await page.getByRole('button', { name: 'Show the rows here' }).click()
    await page.getByRole('searchbox', { name: 'Filter the rows' }).fill('bridge p99 point')
    const ids = await page
      .getByRole('region', { name: 'Rows' })
      .locator('tbody a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('data-from')!))
    expect(ids.length).toBeGreaterThan(0)
    for (const id of ids) expect(rows.text).toContain(id)
  })

  it('follows the system into the dark, and the reader out of it', async () => {
    const { page } = await visit(browser, url, { colorScheme: 'dark' })
    const paper = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')
    expect(await paper()).toBe('rgb(21, 23, 26)')
    await page.getByRole('button', { name: 'Light', exact: true }).click()
    expect(await paper()).toBe('rgb(255, 255, 255)')
  })

  it('prints dark on white, without what only a screen can use', async () => {
    const { page } = await visit(browser, url, { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor')).toBe('rgb(255, 255, 255)')
    for (const hidden of ['nav', '.filter', '.tools', '#what-if', '.skip'])
      expect(await page.locator(hidden).first().isVisible(), hidden).toBe(false)
    expect(await page.locator('table').first().isVisible()).toBe(true)
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-')
  })

  it('fits a telephone: nothing but wide tables scrolls sideways', async () => {
    const { page } = await visit(browser, `${url}#what-if`, { width: 390, height: 844 })
    await answered(page)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  })

  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe)
    const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>('axe.run()')
    return found.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map(({ html }) => html.slice(0, 160))
          .join(' | ')}`,
    )
  }

  it.each<[string, VisitOptions]>([
    ['in the light', {}],
    ['in the dark', { colorScheme: 'dark' }],
    ['on a telephone', { width: 390, height: 844 }],
  ])('has nothing that axe objects to, %s', async (_, options) => {
    const { page } = await visit(browser, `${url}#what-if`, { ...options, bypassCSP: true })
    await answered(page)
    await page.getByText('Stage costs of the profile').click()
    await page.getByRole('button', { name: 'Show the rows here' }).click()
    await page.getByRole('region', { name: 'Rows' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page
      .getByRole('region', { name: /^Latency, p50/ })
      .locator('tbody a')
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page
      .getByRole('button', { name: /^Enlarge/ })
      .first()
      .click()
    expect(await violations(page)).toEqual([])
  })
})
