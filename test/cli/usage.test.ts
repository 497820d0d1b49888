import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from '../../cli/commands/index.js'
import { fairway } from './fairway.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairway-usage-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hint = '(fairway COMMAND --help lists what a command takes)\n'

describe('wrong usage ends with 2, says what is wrong, and prints nothing on standard output', () => {
  test.each([
    [['run'], `error: missing required argument 'experiment'\n${hint}`],
    [['frobnicate'], `error: unknown command 'frobnicate'\n${hint}`],
    [['run', 'first', '--wrkers', '2'], `error: unknown option '--wrkers'\n(Did you mean --workers?)\n${hint}`],
    [
      ['run', 'first', '--workers', '0'],
      `error: option '--workers <n>' argument '0' is invalid. Expected a whole number from 1 on.\n${hint}`,
    ],
    [['run', 'frist'], 'frist: expected an experiment file or the name of one that ships, and found neither (did you mean "first"?)\n'],
    [
      ['new', 'mine', '--from', 'frist'],
      'new: expected an experiment that ships (engines, first, http-proxies, isolation, message-size, nagle-stall, network-models, quota, relays, rules, services, set-up, socks-proxies, start-up, streams, under-load, unix-sockets) or a file, got "frist" (did you mean "first"?)\n',
    ],
    [['reproduce', 'nowhere'], 'nowhere: expected a result folder, but it has no manifest.json\n'],
    [['cite', 'nowhere'], 'nowhere: expected a result folder, but it has no manifest.json\n'],
    [
      ['run', 'first', 'experiments/first.yaml'],
      'experiments/first.yaml: another experiment of this call is named "first" too; their folders would collide\n',
    ],
  ])('fairway %j', (args, stderr) => {
    expect(fairway(args)).toEqual({ code: 2, stdout: '', stderr })
  })
})

describe('a wrong experiment file', () => {
  const text = [
    '# Is it found?',
    'name: wrong',
    'machines: { m1: { cores: 2 } }',
    'hosts:    { h1: { machine: m1 } }',
    'networks: { net: { driver: brige, subnet: 10.70.0.0/24 } }',
    'containers:',
    '  server: { host: h1, core: 5, networks: [net] }',
    '  client: { host: h1, core: 1, networks: [net] }',
    'flows:',
    '  ping: { from: client, to: server, transport: tcp, workload: { kind: ping-pong, message: 64 } }',
    '',
  ].join('\n')
  const said = [
    'wrong.yaml:5:28  networks.net.driver: expected shared, host, none, bridge, veth, routed, macvlan, ebpf-redirect or overlay, got "brige" (did you mean "bridge"?)',
    'wrong.yaml:7:29  containers.server.core: expected a core from 0 to 1 (machine m1 has 2 cores), got 5',
    'wrong.yaml:10:91  flows.ping.workload.message: expected a size such as "64 B" or "4 KiB", got 64 (no unit) (did you mean "64 B"?)',
    '3 mistakes; nothing was run.',
  ]

  test('is answered with all of its mistakes, ends with 2, and runs nothing, not even its neighbours', () => {
    writeFileSync(join(folder, 'wrong.yaml'), text)
    const { code, stdout, stderr } = fairway(['run', 'wrong.yaml', 'first'], folder)
    expect(stderr.trimEnd().split('\n')).toEqual(said)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(existsSync(join(folder, 'results'))).toBe(false)
  })

  test('gives the same mistakes as one JSON document', () => {
    writeFileSync(join(folder, 'wrong.yaml'), text)
    const { code, stdout } = fairway(['explain', 'wrong.yaml', '--json'], folder)
    const { schema, errors } = JSON.parse(stdout) as { schema: string; errors: Record<string, unknown>[] }
    expect(code).toBe(2)
    expect(schema).toBe('fairway/explain/1')
    expect(errors).toHaveLength(3)
    expect(errors[0]).toEqual({
      file: 'wrong.yaml',
      line: 5,
      column: 28,
      path: 'networks.net.driver',
      expected: 'shared, host, none, bridge, veth, routed, macvlan, ebpf-redirect or overlay',
      found: '"brige"',
      suggestion: 'bridge',
    })
  })
})

test('wrong usage with --json is a document of errors too', () => {
  const { code, stdout } = fairway(['run', '--json'])
  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'fairway/run/1', errors: [{ expected: "missing required argument 'experiment'" }] })
})

test('help lists every command and ends with 0', () => {
  const { code, stdout } = fairway(['--help'])
  expect(code).toBe(0)
  for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
})

test('list prints each experiment that ships with its question', () => {
  const { stdout } = fairway(['list'])
  const questions = [
    'engines',
    'first',
    'http-proxies',
    'isolation',
    'message-size',
    'nagle-stall',
    'network-models',
    'quota',
    'relays',
    'rules',
    'services',
    'set-up',
    'socks-proxies',
    'start-up',
    'streams',
    'under-load',
    'unix-sockets',
  ].map((name) =>
    readFileSync(join('experiments', `${name}.yaml`), 'utf8')
      .split('\n')[0]!
      .replace(/^# /, ''),
  )
  expect(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^.*points? {2}/, '')),
  ).toEqual(questions)
})

test('new copies an experiment under its own name and never overwrites one', () => {
  expect(fairway(['new', 'mine', '--from', 'first'], folder)).toMatchObject({ code: 0, stderr: '' })
  const made = readFileSync(join(folder, 'experiments/mine.yaml'), 'utf8')
  expect(made).toBe(readFileSync('experiments/first.yaml', 'utf8').replace('name: first', 'name: mine'))
  expect(fairway(['new', 'mine'], folder)).toMatchObject({
    code: 2,
    stderr: 'new: experiments/mine.yaml exists already; nothing was written\n',
  })
})
