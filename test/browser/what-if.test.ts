/** The simulator in the page, in a real browser: its rows and drawings are those of the command. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseExperiment } from '../../experiments/schema/index.js'
import { rowsFromCsv } from '../../experiments/store/index.js'
import { fromFragment, toFragment, type WhatIfState } from '../../reports/what-if/state.js'
import { fairway } from '../cli/fairway.js'
import { answered, eventually, hasBrowser, launch, saved, visit } from './chromium.js'
import { writeSmallReport } from './small-report.js'

/** A point that nobody measured, so that the command lays no measured row beside it. */
const unmeasured: WhatIfState = {
  seed: 7,
  changed: { model: 'socks', values: { 'flows.ping.workload.message': '3000 B', 'proxies.relay.buffer': '4096 B' }, costs: {} },
  pinned: { model: 'overlay', values: { 'flows.ping.workload.message': '3000 B' }, costs: {} },
}

describe.runIf(hasBrowser)('what-if in a browser', () => {
  let browser: Browser
  let folder: string
  let url: string
  // The first report of a checkout bundles the page's scripts.
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fairway-what-if-'))
    url = await writeSmallReport(join(folder, 'small'))
    browser = await launch()
  }, 180_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const fragmentOf = (page: Page): WhatIfState | null => fromFragment(new URL(page.url()).hash, ['shared', 'bridge', 'overlay', 'socks'])

  it('makes the rows and the drawings of the command, to the byte', async () => {
    const { page, said } = await visit(browser, url + toFragment(unmeasured))
    await answered(page)
    const experiment = await saved(page, 'Save experiment')
    const rows = await saved(page, 'Save rows')
    const drawings = []
    for (const button of await page
      .locator('#what-if .figures')
      .getByRole('button', { name: /^Save SVG/ })
      .all())
      drawings.push(await saved(page, (await button.getAttribute('aria-label'))!))
    expect(said).toEqual([])

    writeFileSync(join(folder, experiment.name), experiment.text)
    const run = fairway(['run', experiment.name, '--out', 'by-command', '--workers', '1'], folder)
    expect(run.code, run.stderr).toBe(0)
    expect(rows.text).toBe(readFileSync(join(folder, 'by-command/rows.csv'), 'utf8'))
    const figures = readdirSync(join(folder, 'by-command/figures')).filter((file) => file.endsWith('.svg') && !file.endsWith('-wide.svg'))
    expect(drawings.map(({ name }) => name).sort()).toEqual(figures.sort())
    expect(figures.length).toBeGreaterThanOrEqual(3)
    for (const { name, text } of drawings) expect(text, name).toBe(readFileSync(join(folder, 'by-command/figures', name), 'utf8'))
  })

  it('makes the rows of the command with a changed stage cost, whose profile is saved too', async () => {
    const costs = { 'bridge.forward.perPacketNs': 400 }
    const state = { ...unmeasured, changed: { model: 'bridge', values: { 'flows.ping.workload.message': '3000 B' }, costs } }
    const { page } = await visit(browser, url + toFragment(state))
    await answered(page)
    const experiment = await saved(page, 'Save experiment')
    const profile = await saved(page, 'Save profile')
    const rows = rowsFromCsv((await saved(page, 'Save rows')).text)
    const changed = rows.filter((row) => row.model === 'what-if')
    expect(changed.length).toBeGreaterThan(0)

    writeFileSync(join(folder, experiment.name), experiment.text)
    writeFileSync(join(folder, profile.name), profile.text)
    const run = fairway(['run', experiment.name, '--json', '--out', 'with-profile', '--workers', '1'], folder)
    expect(run.code, run.stderr).toBe(0)
    const made = (JSON.parse(run.stdout) as { rows: { rowId: string; model: string }[] }).rows.filter((row) => row.model === 'what-if')
    const byId = (a: { rowId: string }, b: { rowId: string }): number => (a.rowId < b.rowId ? -1 : 1)
    expect([...changed].sort(byId)).toEqual([...made].sort(byId))
  })

  it('answers a move of a slider, keeps it in the address, and a reload shows the same', async () => {
    const { page, said, asked } = await visit(browser, url)
    await page.getByRole('link', { name: 'What if' }).click()
    await answered(page)
    const before = await page.locator('#what-if .answer').textContent()
    const slider = page.getByRole('slider', { name: 'Message', exact: true })
    await slider.focus()
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowRight')
    await eventually(() => page.locator('#what-if .answer').textContent()).not.toBe(before)
    await answered(page)
    await eventually(() => fragmentOf(page)?.changed.values['flows.ping.workload.message']).toBeDefined()
    expect(await slider.getAttribute('aria-valuetext')).toBe(`${await page.getByLabel('Message, bytes').inputValue()} bytes`)
    const sentence = await page.locator('#what-if .answer').textContent()
    await page.reload()
    await answered(page)
    expect(await page.locator('#what-if .answer').textContent()).toBe(sentence)
    expect(said).toEqual([])
    expect(new Set(asked.map((address) => address.split('#')[0]))).toEqual(new Set([url]))
  })

  it('has controls for what the chosen model has, and takes away what it has not', async () => {
    const { page } = await visit(browser, url + toFragment(unmeasured))
    await answered(page)
    const labels = (): Promise<string[]> => page.locator('#what-if .controls label').allTextContents()
    expect(await labels()).toEqual([
      'Network model',
      'Message',
      'CPU quota of server',
      'Core of server',
      'Core of client',
      'Core of relay',
      'Buffer of relay',
      'TCP_NODELAY at relay',
      'Acknowledge at once',
    ])
    await page.getByLabel('Network model', { exact: true }).selectOption('bridge')
    await answered(page)
    expect(await labels()).toEqual([
      'Network model',
      'Message',
      'Load',
      'CPU quota of server',
      'Core of server',
      'Core of client',
      'Acknowledge at once',
    ])
    await expect
      .poll(() => fragmentOf(page)?.changed)
      .toEqual({
        model: 'bridge',
        values: { 'flows.ping.workload.message': '3000 B' },
        costs: {},
      })
  })

  it('moves a stage cost, names it in the address, and goes back to what was fitted', async () => {
    const { page } = await visit(browser, url + toFragment({ ...unmeasured, changed: { model: 'bridge', values: {}, costs: {} } }))
    await answered(page)
    await page.getByText('Stage costs of the profile').click()
    const slider = page.getByRole('slider', { name: 'bridge.forward, per packet' })
    await slider.focus()
    await page.keyboard.press('End')
    await eventually(() => Object.keys(fragmentOf(page)?.changed.costs ?? {})).toEqual(['bridge.forward.perPacketNs'])
    await answered(page)
    expect(await page.locator('#what-if').textContent()).toContain('stage costs were changed')
    expect(await page.getByRole('slider', { name: /^vxlan/ }).count()).toBe(0)
    await page.getByRole('button', { name: 'bridge.forward, per packet: as fitted' }).click()
    await eventually(() => fragmentOf(page)?.changed.costs).toEqual({})
  })

  it('pins what is shown, and says so when nothing differs', async () => {
    const { page } = await visit(browser, url + toFragment(unmeasured))
    await answered(page)
    await page.getByRole('button', { name: 'Pin this' }).click()
    await eventually(() => fragmentOf(page)?.pinned).toEqual(unmeasured.changed)
    await eventually(() => page.locator('#what-if .answer').textContent()).toContain('no difference shown')
  })

  it('opens the row behind a number, with the file and the command that make it again', async () => {
    const { page } = await visit(browser, url + toFragment(unmeasured))
    await answered(page)
    await page.locator('#what-if .numbers tbody a').first().click()
    const card = page.getByRole('dialog')
    expect(await card.textContent()).toContain('npm run -s fairway -- run what-if.yaml')
    await card.getByText('Experiment file').click()
    const { text } = await saved(page, 'Save it')
    expect(parseExperiment(text, 'what-if.yaml')).toHaveProperty('experiment')
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })

  it('says why an address is no state, shows the start instead, and falls silent at the next choice', async () => {
    const { page } = await visit(browser, `${url}#what-if?seed=1&model=gone&pinned.model=shared`)
    await answered(page)
    const alert = page.getByRole('alert')
    expect(await alert.textContent()).toContain('model: expected one of shared, bridge, overlay, socks, got "gone"')
    expect(await page.locator('#what-if .answer').textContent()).toContain('times the pinned')
    await page.getByLabel('Network model', { exact: true }).selectOption('overlay')
    await eventually(() => alert.isVisible()).toBe(false)
  })

  it('says what is wrong with a state that an address made up', async () => {
    const state = { ...unmeasured, changed: { model: 'bridge', values: { 'flows.ping.workload.message': '1 parsec' }, costs: {} } }
    const { page } = await visit(browser, url + toFragment(state))
    await eventually(() => page.locator('#what-if .answer').textContent()).toContain('expected a size')
  })
})
