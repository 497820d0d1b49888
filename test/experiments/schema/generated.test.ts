import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { experimentDefaults } from '../../../experiments/schema/index.js'
import { jsonSchema, referencePage } from '../../../experiments/schema/reference.js'

const folder = new URL('../../../experiments/schema/', import.meta.url)
const committed = (file: string) => readFileSync(new URL(file, folder), 'utf8')

describe('what is generated from the schema is current (else: node --import ./register.mjs experiments/schema/generate.ts)', () => {
  it('the reference page', () => {
    expect(committed('REFERENCE.md')).toBe(referencePage())
  })

  it('the JSON Schema', () => {
    expect(committed('experiment.schema.json')).toBe(`${JSON.stringify(jsonSchema(), null, 2)}\n`)
  })
})

describe('every documented key', () => {
  it.each(experimentDefaults().map((key) => [key.path, key] as const))('%s says its type, default and meaning', (_, key) => {
    expect(key.type).not.toBe('')
    expect(key.meaning).toMatch(/\S\.$/)
    expect(key.default).not.toBe('')
  })

  it('is listed once', () => {
    const paths = experimentDefaults().map((key) => key.path)
    expect(new Set(paths).size).toBe(paths.length)
  })
})
