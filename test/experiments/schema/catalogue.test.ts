import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listExperiments, newExperiment } from '../../../experiments/catalogue.js'
import { parseExperiment } from '../../../experiments/schema/index.js'

describe('the catalogue', () => {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fairway-catalogue-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('lists what ships, each with its question and its number of points', () => {
    const listed = listExperiments()
    expect(listed.map(({ name, points }) => ({ name, points }))).toEqual([
      { name: 'engines', points: 12 },
      { name: 'first', points: 1 },
      { name: 'http-proxies', points: 20 },
      { name: 'isolation', points: 6 },
      { name: 'message-size', points: 68 },
      { name: 'nagle-stall', points: 125 },
      { name: 'network-models', points: 40 },
      { name: 'quota', points: 18 },
      { name: 'relays', points: 12 },
      { name: 'rules', points: 10 },
      { name: 'services', points: 6 },
      { name: 'set-up', points: 12 },
      { name: 'socks-proxies', points: 18 },
      { name: 'start-up', points: 12 },
      { name: 'streams', points: 24 },
      { name: 'under-load', points: 18 },
      { name: 'unix-sockets', points: 24 },
    ])
    for (const { question } of listed) expect(question).toMatch(/^[A-Z].*\?$/)
  })

  it('makes a new experiment that differs from its model by its name alone', () => {
    const made = newExperiment('mine', 'nagle-stall', folder)
    if ('refusal' in made) throw new Error(made.refusal)
    const text = readFileSync(made.file, 'utf8')
    const source = listExperiments().find((entry) => entry.name === 'nagle-stall')!.file
    expect(made.file).toBe(join(folder, 'mine.yaml'))
    expect(text).toBe(readFileSync(source, 'utf8').replace('name: nagle-stall', 'name: mine'))
    expect('experiment' in parseExperiment(text, made.file)).toBe(true)
  })

  it('never overwrites a file', () => {
    writeFileSync(join(folder, 'mine.yaml'), 'precious')
    expect(newExperiment('mine', 'first', folder)).toEqual({ refusal: `${join(folder, 'mine.yaml')} exists already; nothing was written` })
    expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('precious')
  })

  it('refuses a name that is none and a source that is not there, with the nearest one', () => {
    expect(newExperiment('../mine', 'first', folder)).toEqual({ refusal: 'expected a name of letters, digits, "-" and "_", got "../mine"' })
    expect(newExperiment('mine', 'frist', folder)).toEqual({
      refusal:
        'expected an experiment that ships (engines, first, http-proxies, isolation, message-size, nagle-stall, network-models, quota, relays, rules, services, set-up, socks-proxies, start-up, streams, under-load, unix-sockets) or a file, got "frist" (did you mean "first"?)',
    })
  })
})
