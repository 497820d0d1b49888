/** Debian's browser, and a page of it that keeps what was said and asked for. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const executablePath = '/usr/bin/chromium'

/** They keep it from asking the network for anything of its own. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--no-first-run',
  '--disable-sync',
  '--disable-component-update',
  '--disable-quic',
]

export const hasBrowser = existsSync(executablePath)
if (!hasBrowser)
  console.warn(`left out: the page in a browser, because ${executablePath} is missing; \`apt-get install chromium\` enables it`)

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args })

export interface Visit {
  readonly page: Page
  /** Everything on the console, and every error that nobody caught. */
  readonly said: string[]
  /** Addresses that were asked for; those of the page's own memory are left out. */
  readonly asked: string[]
}

export interface VisitOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  /** Lets a test bring a script of its own; else the page's policy holds. */
  readonly bypassCSP?: boolean
  readonly javaScriptEnabled?: boolean
}

/** Opens an address, as a reader would with `width` x `height` pixels. */
export async function visit(browser: Browser, url: string, { width = 1280, height = 800, ...others }: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height }, acceptDownloads: true, ...others })
  const page = await context.newPage()
  const said: string[] = []
  const asked: string[] = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url())) asked.push(request.url())
  })
  await page.goto(url)
  return { page, said, asked }
}

/** What a click on the button of that name saves: the file's name and its text. */
export async function saved(page: Page, name: string | RegExp): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).first().click()])
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') }
}

/** Expects it of what is read until it holds; a busy machine may take its time. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 30_000 })

/** Waits until the simulator has answered and its figures stand there. */
export async function answered(page: Page): Promise<void> {
  await page.locator('#what-if[aria-busy=false].has-run .figures svg').first().waitFor()
}
