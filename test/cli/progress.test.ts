import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inlineBar, isUtf8 } from '../../cli/format/bars.js'
import { openBar, pace, remaining } from '../../cli/progress.js'

describe('progress', () => {
  it('says rate and remaining time of what is simulated, not of what the folder held already', () => {
    expect(pace({ done: 60, total: 100, reused: 40 }, 2)).toBe(', 10/s, 4 s to go')
    expect(pace({ done: 40, total: 100, reused: 40 }, 5)).toBe('')
    expect(pace({ done: 5, total: 100, reused: 0 }, 0.5)).toBe('')
  })

  it('names durations by what a reader waits in', () => {
    expect([12.2, 600, 9000].map(remaining)).toEqual(['13 s', '10 min', '2.5 h'])
  })

  it('draws nothing where standard error is no terminal', async () => {
    const bar = await openBar({ command: 'run', json: false, quiet: false } as Parameters<typeof openBar>[0])
    expect(() => bar.update({ done: 1, total: 2, reused: 0, pointsDone: 0, points: 1, label: '' })).not.toThrow()
    bar.stop()
  })
})

describe('a bar in a table', () => {
  it('is as long as its share of the most, in eighths, and never nothing for what is something', () => {
    expect(inlineBar(10, 10, true)).toBe('████████')
    expect(inlineBar(5, 10, true)).toBe('████')
    expect(inlineBar(0.001, 10, true)).toBe('▏')
    expect(inlineBar(0, 10, true)).toBe('')
    expect(inlineBar(5, 10, false)).toBe('')
  })

  it('is drawn where the locale has its characters', () => {
    expect(isUtf8({ LANG: 'C.UTF-8' })).toBe(true)
    expect(isUtf8({ LANG: 'en_US.UTF-8', LC_ALL: 'C' })).toBe(false)
    expect(isUtf8({})).toBe(false)
  })
})

describe('a closed terminal', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fairway-hangup-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('ends no run: it goes on, and leaves a whole result', async () => {
    const node = ['--no-warnings', '--import', resolve('register.mjs'), resolve('cli/main.ts')]
    const out = join(folder, 'first')
    const child = spawn(process.execPath, [...node, 'run', 'first', '--out', out, '--workers', '1'], { stdio: ['ignore', 'pipe', 'pipe'] })
    const begun = setInterval(() => {
      if (existsSync(join(out, 'replications'))) {
        child.kill('SIGHUP')
        // Whoever read what it prints is gone, too.
        child.stdout.destroy()
        child.stderr.destroy()
        clearInterval(begun)
      }
    }, 20)
    const code = await new Promise((done) => child.once('exit', done))
    clearInterval(begun)
    expect(code).toBe(0)
    expect(existsSync(join(out, 'manifest.json'))).toBe(true)
  })
})
