import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { hashText } from '../../sim/hash.js'

it('hashText is SHA-256 of the UTF-8 bytes', () => {
  // FIPS 180-4, example of section B.1.
  expect(hashText('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  for (const text of ['', 'µs ± 0.1', '\u{1f6a2}', 'x'.repeat(1000)])
    expect(hashText(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'))
})
