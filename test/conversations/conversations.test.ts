import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { talk } from './talk.js'

const here = fileURLToPath(new URL('.', import.meta.url))

describe('a conversation goes as its script says', () => {
  for (const file of readdirSync(here).filter((name) => name.endsWith('.talk'))) {
    const script = readFileSync(here + file, 'utf8')
    it(`${file}: ${/^# (.*)$/m.exec(script)?.[1]}`, () => {
      expect(script).toMatch(/^ /m)
      expect(talk(script)).toBe(script)
    })
  }

  it('and refuses a line that is none', () => {
    expect(() => talk('client says hello')).toThrow(/not a line of a conversation: client says hello/)
  })
})
