/**
 * The conversations that the model passes, spoken by two kernel sockets: the same packets in the same order, with the same lengths and flags, each within
 * a tick of the script's time. Scripts for another kernel's ticks are the model's alone.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileTalker, kernelTalk } from '../conversations/kernel.js'
import { randomScript } from '../conversations/random.js'
import { talk } from '../conversations/talk.js'
import { requireTestbed } from './guard.js'

const folder = fileURLToPath(new URL('../conversations/', import.meta.url))
const HZ = 250
const TICK_MS = 1000 / HZ
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith('.talk'))
  .map((name) => ({ name, script: readFileSync(folder + name, 'utf8') }))
  .filter(({ script }) => Number(/^given .*\bhz (\d+)/m.exec(script)?.[1] ?? HZ) === HZ)

const PACKET = /^ +([\d.]+) ms {2}/gm
const withoutTimes = (transcript: string): string => transcript.replace(PACKET, '   ')
const timesMs = (transcript: string): number[] => [...transcript.matchAll(PACKET)].map(([, ms]) => Number(ms))

function expectSame(said: string, script: string): void {
  expect(withoutTimes(said)).toBe(withoutTimes(script))
  const expected = timesMs(script)
  const late = timesMs(said).map((ms, i) => Math.abs(ms - expected[i]!))
  expect(Math.max(0, ...late)).toBeLessThanOrEqual(TICK_MS)
}

beforeAll(requireTestbed)

describe('the kernel says what the script says', () => {
  let build = ''
  let program = ''
  beforeAll(async () => {
    build = mkdtempSync(join(tmpdir(), 'fairway-talk-'))
    program = await compileTalker(build)
  })
  afterAll(() => rmSync(build, { recursive: true }))

  // Somebody else's work may come between an act and its packet: three attempts.
  test.each(scripts)('$name', { retry: 2 }, async ({ script }) => {
    expectSame(await kernelTalk(program, script), script)
  })

  test.each(Array.from({ length: 30 }, (_, i) => i + 1))('a conversation drawn at random, seed %d', { retry: 2 }, async (seed) => {
    const script = talk(randomScript(seed))
    expectSame(await kernelTalk(program, script), script)
  })
})
