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
import { requireTestbed } from './guard.js'

const folder = fileURLToPath(new URL('../conversations/', import.meta.url))
const HZ = 250
const TICK_MS = 1000 / HZ
const scripts = readdirSync(folder)
  .filter((name) => name.endsWith('.talk'))
  .map((name) => ({ name, script: readFileSync(folder + name, 'utf8') }))
  .filter(({ script }) => Number(/^given .*\bhz (\d+)/m.exec(script)?.[1] ?? HZ) === HZ)

/** Where the kernel is known to speak otherwise, and why. */
const DIFFERS: Readonly<Record<string, string>> = {
  'congestion-window.talk':
    'the owner of a socket works off an acknowledgement and sends two packets: softirq runs between them, in the model after both',
  'locked-socket.talk':
    'acknowledgements of what waits in a backlog are put off until it is empty (tcp_backlog_ack_defer), in the model each is sent',
}

const PACKET = /^ +([\d.]+) ms {2}/gm
const withoutTimes = (transcript: string): string => transcript.replace(PACKET, '   ')
const timesMs = (transcript: string): number[] => [...transcript.matchAll(PACKET)].map(([, ms]) => Number(ms))

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
  test.each(scripts.filter(({ name }) => !(name in DIFFERS)))('$name', { retry: 2 }, async ({ script }) => {
    const said = await kernelTalk(program, script)
    expect(withoutTimes(said)).toBe(withoutTimes(script))
    const expected = timesMs(script)
    const late = timesMs(said).map((ms, i) => Math.abs(ms - expected[i]!))
    expect(Math.max(...late)).toBeLessThanOrEqual(TICK_MS)
  })

  test.each(scripts.filter(({ name }) => name in DIFFERS))('$name, but for what the model leaves out', async ({ script }) => {
    expect(withoutTimes(await kernelTalk(program, script))).not.toBe(withoutTimes(script))
  })
})
