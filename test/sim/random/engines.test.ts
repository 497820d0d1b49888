import { existsSync } from 'node:fs'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { hashes } from './draws.js'

const COUNT = 1e6
const executablePath = '/usr/bin/chromium'
const hasBrowser = existsSync(executablePath)
if (!hasBrowser) console.warn(`left out: draws in a browser, because ${executablePath} is missing; \`apt-get install chromium\` enables it`)

const here = hashes(COUNT)

describe('a million draws of each distribution', () => {
  it('have the hash that stands here', () => {
    expect(here).toMatchSnapshot()
  })

  it('are compared with a browser’s wherever the tests must be complete', () => {
    expect(hasBrowser || process.env['CI'] !== 'true').toBe(true)
  })
})

describe.runIf(hasBrowser)('a million draws in Chromium', () => {
  it('have the same bytes as in Node', async () => {
    const bundle = await build({
      entryPoints: ['test/sim/random/draws.ts'],
      bundle: true,
      platform: 'browser',
      format: 'iife',
      globalName: 'draws',
      write: false,
    })
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
    try {
      const page = await browser.newPage()
      await page.addScriptTag({ content: bundle.outputFiles[0]!.text })
      expect(await page.evaluate(`draws.hashes(${COUNT})`)).toEqual(here)
    } finally {
      await browser.close()
    }
  })
})
