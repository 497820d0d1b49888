import { beforeAll, describe, expect, it } from 'vitest'
import { countLines, findingOf, inWords, type Outcome, outcomeOf, tellingOnes } from './mutation-outcome.js'
import { type MutationKind, mutations } from './mutations.js'

const SEED = 1
const COUNT = 1000
/** A wrong value or a missing or doubled mark is wrong where it stands, and nowhere else. */
const LOCAL: readonly MutationKind[] = ['duplicate a line', 'drop a mark', 'a wrong word', 'a wrong unit']

describe(`${COUNT} mutations of the experiments that ship (seed ${SEED})`, () => {
  const outcomes: Outcome[] = []
  // Nothing is caught here: a crash fails every test below, a parser that hangs meets the time limit.
  beforeAll(() => {
    outcomes.push(...mutations(SEED, COUNT).map(outcomeOf))
  }, 300_000)

  const described = (chosen: readonly Outcome[]) => chosen.map(inWords)

  it('are of every kind, and most of them are mistakes', () => {
    const kinds = new Set(outcomes.map(({ mutation }) => mutation.kind))
    expect(outcomes).toHaveLength(COUNT)
    expect(kinds.size).toBe(10)
    expect(outcomes.filter(({ errors }) => errors.length > 0).length).toBeGreaterThan(COUNT / 2)
  })

  it('leave no error outside the file', () => {
    const isInside = ({ mutation, errors }: Outcome) =>
      errors.every(({ file, line, column }) => {
        const text = mutation.text.split('\n')[line - 1] ?? ''
        return file === mutation.file && line >= 1 && line <= countLines(mutation.text) && column >= 1 && column <= text.length + 1
      })
    expect(described(outcomes.filter((outcome) => !isInside(outcome)))).toEqual([])
  })

  it('that are wrong where they stand have an error on that very line', () => {
    const local = outcomes.filter(({ mutation, errors }) => LOCAL.includes(mutation.kind) && errors.length > 0)
    expect(local.length).toBeGreaterThan(COUNT / 4)
    expect(described(local.filter((outcome) => findingOf(outcome) !== 'on its line'))).toEqual([])
  })

  it('have an error on their line, on one that refers to them, or on the next one', () => {
    expect(described(outcomes.filter((outcome) => findingOf(outcome) === 'elsewhere'))).toEqual([])
  })

  it('are the same ones for the same seed', () => {
    expect(mutations(SEED, 50)).toEqual(outcomes.slice(0, 50).map(({ mutation }) => mutation))
    expect(mutations(SEED + 1, 50)).not.toEqual(mutations(SEED, 50))
  })

  it('print ten telling ones', () => {
    const telling = described(tellingOnes(outcomes))
    console.log(telling.join('\n'))
    expect(telling).toHaveLength(10)
  })
})
