import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../experiments/rows.js'
import { hashFiles, readRowsCsv, readRowsParquet } from '../../experiments/store/index.js'
import { fairway, startFairway } from './fairway.js'
import { writeSampleProfile } from './sample-profile.js'

const patience = 240_000
let folder: string
/** Everything that equal bytes means, and more: every file but the manifest. */
const bytesOf = (result: string) => hashFiles(join(folder, result))

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairway-run-'))
  writeSampleProfile(join(folder, 'hundred.json'))
  const text = readFileSync('experiments/first.yaml', 'utf8').replace('name: first', 'name: small')
  const models = 'models: { shared: { networks: { net: { driver: shared } } }, bridge: {} }\nbaseline: shared\n'
  const sweep = 'sweep: { model: [shared, bridge], flows.ping.workload.message: [64 B, 1 KiB, 4 KiB] }\n'
  // Three kinds of figures stand for all: every one is drawn in test/reports.
  const report = 'report: [latency-by-size, latency-cdf, stage-breakdown]\n'
  writeFileSync(join(folder, 'small.yaml'), `${text}${models}${sweep}${report}stop: { replications: 6, messages: 3000 }\n`)
  expect(fairway(['run', 'small.yaml', '--profile', 'hundred.json', '--workers', '1', '--out', 'one'], folder)).toMatchObject({
    code: 0,
    stderr: '',
  })
}, patience)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a result folder', () => {
  test('holds what FORMATS lists, and the same rows as CSV and as Parquet', async () => {
    for (const name of ['index.html', 'rows.csv', 'rows.parquet', 'figures', 'tables', 'experiment.yaml', 'manifest.json']) {
      expect(existsSync(join(folder, 'one', name)), name).toBe(true)
    }
    const rows = readRowsCsv(join(folder, 'one/rows.csv'))
    expect(await readRowsParquet(join(folder, 'one/rows.parquet'))).toEqual(rows)
    expect(rows.filter((row) => row.source === 'simulated' && row.level === 'point' && row.statistic === 'p50')).toHaveLength(6)
  })

  test(
    'has the same bytes from two workers as from one thread',
    () => {
      const { code, stdout } = fairway(
        ['run', 'small.yaml', '--profile', 'hundred.json', '--workers', '2', '--out', 'two', '--json'],
        folder,
      )
      const document = JSON.parse(stdout) as { schema: string; out: string; rows: Row[]; failures: unknown[] }
      expect(code).toBe(0)
      expect(document).toMatchObject({ schema: 'fairway/run/1', out: 'two', failures: [] })
      expect(document.rows).toEqual(readRowsCsv(join(folder, 'two/rows.csv')))
      expect(withoutNames(bytesOf('two'))).toEqual(withoutNames(bytesOf('one')))
    },
    patience,
  )

  test(
    'has the same bytes after SIGKILL in the middle and a second call',
    async () => {
      const args = ['run', 'small.yaml', '--profile', 'hundred.json', '--workers', '1', '--out', 'killed']
      const killed = startFairway(args, folder)
      const kept = join(folder, 'killed/replications')
      while (!existsSync(kept) || readdirSync(kept).length < 3) await pause(5)
      killed.kill('SIGKILL')
      await once(killed, 'exit')
      expect(existsSync(join(folder, 'killed/manifest.json'))).toBe(false)
      expect(fairway(args, folder)).toMatchObject({ code: 0, stderr: '' })
      expect(withoutNames(bytesOf('killed'))).toEqual(withoutNames(bytesOf('one')))
    },
    patience,
  )
})

/** The page names the folder and the command that made it; everything else must be equal. */
function withoutNames(hashes: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(hashes).filter(([file]) => file !== 'index.html'))
}

describe('reproduce', () => {
  test(
    'finds equal bytes, the page included',
    () => {
      expect(fairway(['reproduce', 'one'], folder)).toEqual({
        code: 0,
        stdout: 'one: equal bytes (rows, figures, tables and page)\n',
        stderr: '',
      })
    },
    patience,
  )

  test(
    'names the first row that differs and the versions that do',
    () => {
      const file = join(folder, 'two/profile.json')
      const profile = JSON.parse(readFileSync(file, 'utf8')) as { coefficients: { value: number }[] }
      profile.coefficients[0]!.value += 1
      writeFileSync(file, `${JSON.stringify(profile, null, 2)}\n`)
      const { code, stdout, stderr } = fairway(['reproduce', 'two', '--json'], folder)
      const said = JSON.parse(stdout) as { equal: boolean; row: { what: string }; versions: { name: string }[]; changed: string[] }
      expect(said.changed).toEqual(['profile.json'])
      expect(stderr).toContain('two: changed since it was made, by the hashes in its manifest: profile.json')
      expect(code).toBe(1)
      expect(said.equal).toBe(false)
      expect(said.row.what).toContain('simulated')
      expect(said.versions.map(({ name }) => name)).toEqual(['profile'])
    },
    patience,
  )
})

describe('a damaged folder', () => {
  const damaged = (file: string, bytes: string) => {
    const name = `damaged-${file.replaceAll(/\W/g, '-')}`
    cpSync(join(folder, 'one'), join(folder, name), { recursive: true })
    writeFileSync(join(folder, name, file), bytes)
    return fairway(['reproduce', name], folder)
  }

  test.each([
    ['manifest.json', 'null', 'expected schema "fairway/manifest/1"'],
    ['manifest.json', '{', 'JSON'],
    ['profile.json', '{}', 'profile'],
    ['experiment.yaml', 'name: [', 'experiment.yaml:'],
    ['rows.parquet', 'PAR1', 'rows.parquet: '],
    ['tables/stages.csv', 'x', 'stages.csv: '],
  ])(
    'is refused by the name of the file: %s is %s',
    (file, bytes, words) => {
      const { code, stdout, stderr } = damaged(file, bytes)
      expect(code).not.toBe(0)
      expect(stdout).toBe('')
      expect(stderr).toContain(file)
      expect(stderr).toContain(words)
    },
    patience,
  )
})

describe('validate', () => {
  test(
    'takes a result folder for the measured rows in it, here all of them points of the fit',
    () => {
      expect(fairway(['validate', 'one'], folder)).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('validate: one: no held-out rows to compare with (the fit saw 6 points of it)'),
      })
    },
    patience,
  )

  test('takes the folder of a data set, which has a manifest of its own kind', () => {
    const { stderr } = fairway(['validate', resolve('experiments/measurements/xeon-matches'), '--profile', 'xeon'], folder)
    expect(stderr).toContain('validate: xeon-matches: no held-out rows to compare with')
  })

  test("judges the experiment's own profile, and asks for one where two experiments name two", () => {
    const text = readFileSync(join(folder, 'small.yaml'), 'utf8')
    for (const profile of ['xeon', 'lab']) writeFileSync(join(folder, `on-${profile}.yaml`), `${text}profile: ${profile}\n`)
    writeFileSync(join(folder, 'nowhere.yaml'), `${text}profile: gone\n`)
    expect(fairway(['validate', 'nowhere.yaml'], folder)).toMatchObject({ code: 2, stderr: expect.stringContaining('got "gone"') })
    expect(fairway(['validate', 'on-xeon.yaml', 'on-lab.yaml'], folder)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('different profiles (xeon, lab); --profile names the one to judge'),
    })
  })
})

describe('compare', () => {
  test(
    'pairs each model with the baseline at each point, with difference, ratio, interval and p',
    () => {
      const { code, stdout } = fairway(['compare', 'one', '--json'], folder)
      const { pairs } = JSON.parse(stdout) as {
        pairs: {
          a: string
          b: string
          source: string
          statistic: string
          difference: number
          halfWidth: number
          ratio: number
          p: number
          verdict: string
        }[]
      }
      expect(code).toBe(0)
      // Median, tail, mean and processor time at the three sizes.
      expect(pairs.filter(({ source }) => source === 'simulated')).toHaveLength(12)
      // Measured runs, by block: p50 and p99 of the three sizes.
      expect(pairs.filter(({ source }) => source === 'measured')).toHaveLength(6)
      for (const pair of pairs.filter(({ statistic }) => statistic === 'p50')) {
        expect(pair).toMatchObject({ a: 'shared', b: 'bridge', verdict: 'more' })
        expect(pair.difference).toBeGreaterThan(pair.halfWidth)
        expect(pair.p).toBeLessThan(0.05)
      }
      // Measured pairs stand as simulated ones: along the sweep, medians before tails.
      expect(pairs.filter(({ source }) => source === 'measured').map(({ statistic }) => statistic)).toEqual([
        'p50',
        'p99',
        'p50',
        'p99',
        'p50',
        'p99',
      ])
    },
    patience,
  )

  test(
    'ends with 3 where a ratio exceeds the bound',
    () => {
      expect(fairway(['compare', 'one', '--fail-if', 'p50 ratio > 1.01'], folder).code).toBe(3)
      expect(fairway(['compare', 'one', '--fail-if', 'p50 ratio > 100'], folder).code).toBe(0)
    },
    patience,
  )
})

test(
  'report draws the same bytes again',
  () => {
    const before = bytesOf('one')
    rmSync(join(folder, 'one/figures'), { recursive: true })
    expect(fairway(['report', 'one'], folder).code).toBe(0)
    expect(bytesOf('one')).toEqual(before)
  },
  patience,
)

test('cite gives a BibTeX entry for the tool, the profile, each data set and each study whose rows are drawn', () => {
  const { stdout } = fairway(['cite', 'one'], folder)
  const rows = readRowsCsv(join(folder, 'one/rows.csv'))
  const campaignsOf = (wanted: string) =>
    [...new Set(rows.flatMap(({ source, campaign }) => (source === wanted ? (campaign ?? []) : [])))].sort()
  expect(stdout.match(/^@\w+\{[\w-]+,$/gm)?.map((entry) => entry.slice(entry.indexOf('{') + 1, -1))).toEqual([
    'fairway',
    'fairway-profile-hundred',
    ...campaignsOf('measured').map((campaign) => `fairway-data-${campaign}`),
    ...campaignsOf('published'),
  ])
})

test('explain lists the stages there and back of each model, in one JSON document', () => {
  const { code, stdout } = fairway(['explain', 'small.yaml', '--profile', 'hundred.json', '--json'], folder)
  const { schema, paths } = JSON.parse(stdout) as {
    schema: string
    paths: { model: string; direction: string; stages: { name: string; share: number }[] }[]
  }
  expect(code).toBe(0)
  expect(schema).toBe('fairway/explain/1')
  expect(paths.map(({ model, direction }) => `${model} ${direction}`)).toEqual([
    'shared there',
    'shared back',
    'bridge there',
    'bridge back',
  ])
  expect(paths[2]!.stages.map(({ name }) => name)).toContain('bridge.forward')
  expect(paths[0]!.stages.map(({ name }) => name)).not.toContain('bridge.forward')
  for (const { stages } of paths) expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9)
})

test(
  'standard error stays empty with --quiet and where it is no terminal',
  () => {
    expect(fairway(['run', 'small.yaml', '--profile', 'hundred.json', '--out', 'one', '--quiet'], folder).stderr).toBe('')
  },
  patience,
)
