import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  explainQuantity,
  formatBitRate,
  formatBytes,
  formatDuration,
  formatMessageRate,
  parseQuantity,
} from '../../../experiments/schema/units.js'

describe('a quantity', () => {
  it.each([
    ['64 B', 'size', 64],
    ['64B', 'size', 64],
    ['1 kB', 'size', 1000],
    ['1 KiB', 'size', 1024],
    ['1.5 KiB', 'size', 1536],
    ['2 MiB', 'size', 2_097_152],
    ['250 ns', 'duration', 250],
    ['10 us', 'duration', 10_000],
    ['10 µs', 'duration', 10_000],
    ['10 μs', 'duration', 10_000],
    ['44 ms', 'duration', 44_000_000],
    ['1 s', 'duration', 1e9],
    ['1 Gbit/s', 'bit rate', 1e9],
    ['2.5 Gbit/s', 'bit rate', 2.5e9],
    ['500/s', 'message rate', 500],
    ['20k/s', 'message rate', 20_000],
    ['1M/s', 'message rate', 1e6],
    ['2 %', 'share', 0.02],
  ] as const)('reads %s', (text, kind, value) => {
    expect(parseQuantity(text)).toEqual({ kind, value })
  })

  it.each([
    '',
    'B',
    '64',
    '64 b',
    '64 Bytes',
    '1e3 B',
    '0x10 B',
    'NaN B',
    'Infinity B',
    '1 000 B',
    '6,4 B',
    '64 B ',
    ' 64 B',
    '--1 B',
    '1..2 B',
  ])('is not read out of %j', (text) => {
    expect(parseQuantity(text)).toBeNull()
  })

  it.each([
    ['10 us', 'size', 'a duration', null],
    ['20k/s', 'bit rate', 'a rate of messages', null],
    ['1 Gbit/s', 'message rate', 'a rate in bits', null],
    ['64', 'size', 'no unit', '64 B'],
    ['64 bytes', 'size', 'an unknown unit', '64 B'],
    ['4 kib', 'size', 'an unknown unit', '4 KiB'],
    ['10 usec', 'duration', 'an unknown unit', '10 us'],
    ['10 gbps', 'bit rate', 'an unknown unit', '10 Gbit/s'],
    ['10 furlongs', 'duration', 'an unknown unit', null],
    ['some', 'size', null, null],
  ] as const)('that is wrong, %j for a %s, is explained', (text, kind, note, suggestion) => {
    expect(explainQuantity(text, kind)).toEqual({ note, suggestion })
  })
})

describe('laws of units', () => {
  const whole = fc.integer({ min: 0, max: 2 ** 48 })
  it.each([
    ['bytes', formatBytes, 'size'],
    ['durations', formatDuration, 'duration'],
    ['bit rates', formatBitRate, 'bit rate'],
    ['message rates', formatMessageRate, 'message rate'],
  ] as const)('%s come back from their text', (_, format, kind) => {
    fc.assert(
      fc.property(whole, (value) => {
        expect(parseQuantity(format(value))).toEqual({ kind, value })
      }),
    )
  })

  it('a byte count is written with the largest binary unit in which it is whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 20 }), fc.constantFrom(1, 2 ** 10, 2 ** 20), (count, factor) => {
        const number = Number(formatBytes(count * factor).split(' ')[0])
        expect(Number.isInteger(number)).toBe(true)
        expect(number).toBeLessThanOrEqual(count)
      }),
    )
  })

  it('no text makes the parser throw, and what it reads is finite', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const quantity = parseQuantity(text)
        if (quantity !== null) expect(Number.isFinite(quantity.value)).toBe(true)
        explainQuantity(text, 'size')
      }),
    )
  })

  it('space between number and unit does not matter', () => {
    fc.assert(
      fc.property(whole, fc.constantFrom('B', 'KiB', 'us', 'Gbit/s', 'k/s', '%'), (value, unit) => {
        expect(parseQuantity(`${value} ${unit}`)).toEqual(parseQuantity(`${value}${unit}`))
      }),
    )
  })
})
