import { describe, expect, it } from 'vitest'
import { experimentFromDocument, parseExperiment } from '../../../experiments/schema/index.js'
import { MAX_ERRORS } from '../../../experiments/schema/limits.js'
import { changed, printed, SMALL } from './small-experiment.js'

/** What each text is answered with first. None may throw, and the test's own time limit is the bound on hanging. */
const N = 120_000
const TOO_DEEP = 'expected at most 32 mappings and lists inside one another, got more'
const texts: readonly (readonly [string, string, string])[] = [
  ['an empty file', '', 'small.yaml:1:1  expected an experiment (a mapping with name, machines, hosts, ...), got an empty file'],
  ['a comment alone', '# Why?\n', 'small.yaml:1:1  expected an experiment (a mapping with name, machines, hosts, ...), got an empty file'],
  ['a single word', 'word', 'small.yaml:1:1  expected a mapping with name, machines, hosts, ..., got a single value or a list'],
  ['a list', '- a\n- b\n', 'small.yaml:1:1  expected a mapping with name, machines, hosts, ..., got a single value or a list'],
  ['a tab before a key', 'name: x\n\tseed: 1\n', 'small.yaml:2:1  expected spaces before a key or a value, got a tab'],
  ['two documents', 'name: x\n---\nname: y\n', 'small.yaml:2:1  expected one experiment a file, got a second YAML document'],
  ['an open mapping', 'name: x\nhosts: { h1: {}\n', 'small.yaml:2:8  expected a closing } behind what this { opens, got none'],
  [
    'an open list before the next key',
    'links: [a, b\nname: x\n',
    'small.yaml:1:8  expected a closing ] behind what this [ opens, got none',
  ],
  ['brackets that cross', 'name: x\nlinks: [{ a: b ]}\n', 'small.yaml:2:9  expected a closing } behind what this { opens, got none'],
  ['an open quotation', 'name: "x\nseed: 1\n', 'small.yaml:1:7  expected a closing " behind what this " opens, got none'],
  ['a bracket that closes nothing', 'name: x ]\nhosts: ]\n', 'small.yaml:2:8  expected valid YAML, got a ] that closes nothing'],
  ['a megabyte', 'x'.repeat(2 ** 20), 'small.yaml:1:1  expected an experiment file of at most 128 KiB, got 1024 KiB'],
  ['brackets without end', '['.repeat(N), `small.yaml:1:33  ${TOO_DEEP}`],
  ['braces without end', '{'.repeat(N), `small.yaml:1:33  ${TOO_DEEP}`],
  ['list marks without end', '- '.repeat(N / 2), `small.yaml:1:513  ${TOO_DEEP}`],
  ['closing brackets without end', ']'.repeat(N), 'small.yaml:1:1  expected valid YAML, got a ] that closes nothing'],
  ['a staircase of keys', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), `small.yaml:258:1  ${TOO_DEEP}`],
]

describe('a hostile file is refused with a place', () => {
  it.each(texts)('%s', (_, text, first) => {
    expect(printed(text)[0]).toBe(first)
  })

  it.each([
    ['zero bytes', '\0'.repeat(N)],
    ['carriage returns', '\r'.repeat(N)],
    ['an open quotation', `name: "${'\n\n'.repeat(N / 4)}`],
    ['question marks', '?\n'.repeat(N / 2)],
    ['documents', '---\n'.repeat(N / 4)],
    ['directives', '%YAML\n'.repeat(N / 8)],
    ['lone surrogates', '\ud800: \udfff\n'.repeat(100)],
    ['a long key', `${'k'.repeat(N)}: 1`],
    ['a long number', changed(SMALL, [['64 B', `${'9'.repeat(N / 2)} B`]])],
    ['an infinite number', changed(SMALL, [['cores: 2', 'cores: 1e400']])],
  ])('%s', (_, text) => {
    const parsed = parseExperiment(text, 'small.yaml')
    if (!('errors' in parsed)) throw new Error('a hostile file was taken for an experiment')
    const lines = text.split('\n').length
    for (const { line, column } of parsed.errors) {
      expect(line).toBeGreaterThanOrEqual(1)
      expect(line).toBeLessThanOrEqual(lines)
      expect(column).toBeGreaterThanOrEqual(1)
    }
  })

  it('anchors, aliases and tags are no part of the file', () => {
    const text = changed(SMALL, [
      ['server: { host: h1, networks: [net] }', 'server: &end { host: h1, networks: [net] }'],
      ['client: { host: h1, networks: [net] }', 'client: *end'],
      ['cores: 2', 'cores: !!binary Mg=='],
    ])
    expect(printed(text).filter((line) => line.includes('YAML'))).toEqual([
      'small.yaml:3:35  machines.m1.cores: expected a plain value, got the YAML tag "!!binary"',
      'small.yaml:7:16  containers.server: expected values written out (what variants share belongs into the base, `models` or `extends`), got the YAML anchor or alias "&end"',
      'small.yaml:8:11  containers.client: expected values written out (what variants share belongs into the base, `models` or `extends`), got the YAML anchor or alias "*end"',
    ])
  })

  it('keys of prototypes are names that nobody may use, and change no object', () => {
    const text = changed(SMALL, [['m1: { cores', '__proto__: { polluted: true }, toString: {}, m1: { cores']])
    expect(printed(text)).toEqual([
      'small.yaml:3:13  machines.__proto__: expected a name: a letter, then up to 23 letters, digits, "-" or "_", got "__proto__"',
      'small.yaml:3:44  machines.toString: expected a name: a letter, then up to 23 letters, digits, "-" or "_", got "toString"',
      '2 mistakes; nothing was run.',
    ])
    expect('polluted' in {}).toBe(false)
    expect(printed(changed(SMALL, [['flows:', 'constructor: 1\n__proto__: { name: x }\nflows:']]))).toHaveLength(3)
  })

  it('what nobody can see is spelt out', () => {
    expect(printed(changed(SMALL, [['driver: bridge', 'driver: br\u200bidge']]))[0]).toBe(
      'small.yaml:5:28  networks.net.driver: expected shared, host, none, bridge, veth, routed, macvlan, ebpf-redirect or overlay, got "br\\u200bidge" (did you mean "bridge"?)',
    )
  })

  it('thousands of mistakes are cut off where nobody reads on', () => {
    const text = `${SMALL}${Array.from({ length: 9000 }, (_, i) => `k${i}: 1\n`).join('')}`
    const lines = printed(text)
    expect(lines).toHaveLength(MAX_ERRORS + 1)
    expect(lines.at(-1)).toBe('at least 500 mistakes; nothing was run.')
  })

  it('a large sweep of a large file is refused before it is read', () => {
    const containers = Array.from({ length: 1000 }, (_, i) => `  c${i}: { host: h1 }\n`).join('')
    const sizes = Array.from({ length: 500 }, (_, i) => `${i + 64} B`).join(', ')
    const text = changed(SMALL, [['flows:', `${containers}sweep: { flows.ping.workload.message: [${sizes}] }\nflows:`]])
    expect(printed(text)[0]).toMatch(
      /^small\.yaml:1009:8 {2}sweep: expected at most 500000 values to check, .* got 500 points and 1 network models of \d+ values each$/,
    )
  })
})

describe('a document that is handed over', () => {
  it.each([null, undefined, 3, 'text', [], Symbol('s'), () => 1])('is refused when it is %s', (value) => {
    const parsed = experimentFromDocument(value, 'plan.yaml')
    expect('errors' in parsed && parsed.errors.map((error) => error.expected)).toEqual(['a mapping with name, machines, hosts, ...'])
  })

  it('is refused when it contains itself, or grows by sharing', () => {
    const circle: Record<string, unknown> = { name: 'x' }
    circle['machines'] = circle
    let tree: unknown = { leaf: 1 }
    for (let i = 0; i < 30; i++) tree = { a: tree, b: tree }
    for (const value of [circle, tree]) expect(experimentFromDocument(value, 'plan.yaml')).toMatchObject({ errors: [{ found: 'more' }] })
  })
})
