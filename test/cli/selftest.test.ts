import { expect, test } from 'vitest'
import { oracles } from '../../sim/oracles/index.js'
import { fairway } from './fairway.js'

interface Document {
  readonly schema: string
  readonly holds: boolean
  readonly oracles: readonly {
    readonly name: string
    readonly holds: boolean
    readonly quantities: readonly { readonly truth: number; readonly value: number; readonly halfWidth: number; readonly holds: boolean }[]
    readonly laws: { readonly checked: number; readonly broken: readonly unknown[] }
  }[]
}

test('the selftest ends with 0 where theory and simulation agree, and its document has every system, quantity and interval', () => {
  const { code, stdout, stderr } = fairway(['selftest', '--json', '--replications', '10', '--customers', '20000'])
  const document = JSON.parse(stdout) as Document
  expect({ code, stderr, schema: document.schema, holds: document.holds }).toEqual({
    code: 0,
    stderr: '',
    schema: 'fairway/selftest/1',
    holds: true,
  })
  expect(document.oracles.map(({ name }) => name)).toEqual(oracles.map(({ name }) => name))
  for (const { quantities, laws } of document.oracles) {
    expect(quantities.every(({ value, halfWidth, holds }) => Number.isFinite(value) && halfWidth > 0 && holds)).toBe(true)
    expect(laws).toMatchObject({ checked: expect.any(Number), broken: [] })
  }
})

test('it ends with 1 where they don’t: runs too short to forget their empty start', () => {
  const { code, stdout } = fairway(['selftest', '--replications', '300', '--customers', '20'])
  expect(code).toBe(1)
  expect(stdout).toContain('mean wait')
  expect(stdout).toMatch(/\d+ of \d+ quantities FAIL\. Runs of 20 customers remember their empty start: try --customers 50000\.\n$/)
  // Bookkeeping doesn't depend on the length of a run.
  expect(stdout).toContain('hold on every run')
})
