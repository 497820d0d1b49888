/** What must not stand in the models' sources. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const models = fileURLToPath(new URL('../../models/', import.meta.url))
const sources = readdirSync(models, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

describe('the delayed-acknowledgement time', () => {
  it('stands nowhere in the models: neither 40 nor 44 ms, in milliseconds, seconds, microseconds or nanoseconds', () => {
    expect(sources).toContain('transport/tcp/acknowledge.ts')
    const written = /\b4[04]e-?[369]\b|\b4[04](_?000){1,2}\b|\b0\.04[04]?\b|\b4[04]\s*(ms|milliseconds)\b/
    const lines = sources.flatMap((file) =>
      readFileSync(models + file, 'utf8')
        .split('\n')
        .filter((line) => written.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    // Other quantities: the length of an interruption in nanoseconds, a prior cost in ns per byte.
    const others = lines.filter((line) => !/^calibration\/(interruptions|prior)\.ts: /.test(line))
    expect(others).toEqual([])
  })
})
