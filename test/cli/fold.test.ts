import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, widthOf } from '../../cli/format/fold.js'

const lines = (text: string, width: number): string[] => fold(text, width).split('\n')

describe('a line wider than the terminal', () => {
  it('goes on below the words of its label', () => {
    expect(lines('Answer: At 64 B shared takes 6.7 us; bridge adds 1.0 us', 30)).toEqual([
      'Answer: At 64 B shared takes',
      '        6.7 us; bridge adds',
      '        1.0 us',
    ])
  })

  it("goes on in its table's last column, as long as that has room", () => {
    expect(lines('  tcp.rps   false   Receive packet steering of the kernel, by default off', 48)).toEqual([
      '  tcp.rps   false   Receive packet steering of',
      '                    the kernel, by default off',
    ])
  })

  it('breaks between columns where the last one has no room', () => {
    expect(lines('  networks.net.bridges         1     (bridge, socks)  Bridges in a chain', 56)).toEqual([
      '  networks.net.bridges         1     (bridge, socks)',
      '    Bridges in a chain',
    ])
  })

  it('keeps all words in their order, and the width wherever a word fits', () => {
    const word = fc.stringMatching(/^[a-z.±]{1,12}$/)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), fc.integer({ min: 24, max: 100 }), (words, width) => {
        const folded = lines(words.join(' '), width)
        expect(folded.join(' ').split(/ +/).filter(Boolean)).toEqual(words)
        expect(Math.max(...folded.map((line) => line.length))).toBeLessThanOrEqual(width)
      }),
    )
  })
})

it('text for a file stays as it is, and a terminal that does not tell its width has 80 columns', () => {
  const stream = (tty: object) => Object.assign(Object.create(null), tty) as NodeJS.WriteStream
  expect(fold('a word '.repeat(40), widthOf(stream({ isTTY: false, columns: 20 })))).toBe('a word '.repeat(40))
  expect(widthOf(stream({ isTTY: true, columns: 0 }))).toBe(80)
  expect(widthOf(stream({ isTTY: true, columns: 132 }))).toBe(132)
})
