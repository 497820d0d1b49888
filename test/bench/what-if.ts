/**
 * How long the page's simulator takes in Debian's browser, in a worker that has just begun: each case opens a fresh page on its baseline and makes
 * one change, whose messages are those of one alternative.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { Choices, WhatIfState } from '../../reports/what-if/state.js'
import { toFragment } from '../../reports/what-if/state.js'
import { hasBrowser, launch, visit } from '../browser/chromium.js'
import { writeSmallReport } from '../browser/small-report.js'

export interface WhatIfTime {
  readonly name: string
  /** Simulated for the change, warm-up included. */
  readonly messages: number
  /** Over fresh pages, ms, as the page says it. */
  readonly medianMs: number
  readonly min: number
  readonly max: number
}

const MODELS = ['shared', 'bridge', 'overlay', 'socks']
const SIZES = ['64 B', '1400 B', '16384 B', '65536 B']
/** The lightest and the heaviest that the panel offers where a load can be put on a path, which is not behind a relay. */
const RATES = ['5k/s', '100k/s']
const MESSAGE = 'flows.ping.workload.message'
const RATE = 'flows.ping.workload.rate'
/** Somebody looks at the first answer before the first change; the worker rehearses meanwhile. */
const READS_FOR_MS = 2000
const PINNED: Choices = { model: 'shared', values: { [MESSAGE]: '100 B' }, costs: {} }
/** What stands beside it until the change: two alternatives, whose count of messages tells the first answer from the second. */
const FIRST: Choices = { ...PINNED, model: 'bridge' }

function casesOf(): readonly { readonly name: string; readonly changed: Choices }[] {
  return MODELS.flatMap((model) => [
    ...SIZES.map((size) => ({ name: `${model}, ${size}`, changed: { model, values: { [MESSAGE]: size }, costs: {} } })),
    ...(model === 'socks' ? [] : RATES).map((rate) => ({
      name: `${model}, 64 B at ${rate}`,
      changed: { model, values: { [MESSAGE]: '64 B', [RATE]: rate }, costs: {} },
    })),
  ])
}

/** @throws Error where there is no browser */
export async function measureWhatIf(rounds = 5): Promise<readonly WhatIfTime[]> {
  if (!hasBrowser) throw new Error('bench what-if needs a browser: `apt-get install chromium`')
  const folder = mkdtempSync(join(tmpdir(), 'fairway-bench-'))
  const browser = await launch()
  try {
    const url = await writeSmallReport(join(folder, 'small'))
    const cases = casesOf()
    const samples = cases.map((): Sample[] => [])
    // Round by round, so that a disturbed minute touches all cases.
    for (let round = 0; round < rounds; round++)
      for (const [i, { changed }] of cases.entries())
        samples[i]!.push(await firstChange(browser, url, { seed: round, changed, pinned: PINNED }))
    return cases.map(({ name }, i) => {
      const times = samples[i]!.map(({ ms }) => ms).sort((a, b) => a - b)
      return { name, messages: samples[i]![0]!.messages, medianMs: times[times.length >> 1]!, min: times[0]!, max: times.at(-1)! }
    })
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
}

interface Sample {
  readonly messages: number
  readonly ms: number
}

/** What the page says of its first change, on a page of its own. */
async function firstChange(browser: Browser, url: string, state: WhatIfState): Promise<Sample> {
  const { page } = await visit(browser, url + toFragment({ ...state, changed: FIRST }))
  try {
    await page.locator('#what-if[aria-busy=false].has-run').waitFor()
    const note = page.locator('#what-if .answers > .note')
    const before = (await note.textContent()) ?? ''
    await page.waitForTimeout(READS_FOR_MS)
    // The same document: the page hears of another fragment.
    await page.goto(url + toFragment(state))
    await note.filter({ hasNotText: before }).waitFor()
    const said = (await note.textContent()) ?? ''
    const [, messages, ms] = /^([\d,]+) messages simulated here in (\d+) ms/.exec(said) ?? []
    if (messages === undefined) throw new Error(`the page said of its time: ${said}`)
    return { messages: Number(messages.replaceAll(',', '')), ms: Number(ms) }
  } finally {
    await page.context().close()
  }
}

export function whatIfTable(times: readonly WhatIfTime[]): string {
  const line = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(32) : cell.padStart(10))).join('')
  return [
    line(['a fresh page, its first change', 'messages', 'median ms', 'min', 'max']),
    ...times.map(({ name, messages, medianMs, min, max }) =>
      line([name, String(messages), ...[medianMs, min, max].map((ms) => ms.toFixed(0))]),
    ),
  ].join('\n')
}
