/**
 * `npm run -s bench -- kernel|growth|workers|functions|what-if [--json] [--rounds N]`: how fast the kernel is, on this machine, now, beside others that do the
 * same work; whether its cost or its memory grows (`--figures FOLDER` draws it); what a second worker brings
 * (`--seconds N`: to a run that takes one thread so long); what single draws and functions cost;
 * how soon the page's simulator answers in a browser.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareContenders } from './contenders.js'
import { measureWorkers, workersTable } from './executors/workers.js'
import { functionsTable, measureFunctions } from './functions.js'
import { type Growth, growthTable, measureGrowth } from './growth.js'
import { writeGrowthFigures } from './growth-figures.js'
import { type Measured, measureProcesses } from './measure-processes.js'

/** The C reference must reach this before a ratio to it says anything about the kernel and not about a disturbed machine. */
const C_AT_LEAST = 40e6

interface Case {
  readonly name: string
  readonly eventsPerSecond: number
  readonly coldEventsPerSecond: number
  readonly ratioToC: number | null
  readonly ratioToNs3: number | null
  readonly peakRssMiB: number
  readonly min: number
  readonly max: number
}

/** Ratios are to the fastest variant of C and of ns-3 at the same case. */
function casesOf(measured: readonly Measured[]): Case[] {
  const fastest = (name: string, group: string) =>
    Math.max(...measured.filter(({ contender }) => contender.case === name && contender.group === group).map(({ warm }) => warm))
  return measured.map(({ contender, warm, cold, min, max, peakRssMiB }) => {
    const c = fastest(contender.case, 'C')
    const ns3 = fastest(contender.case, 'ns-3')
    const who = contender.group === 'fairway' ? '' : `, ${contender.group}${contender.variant ? ` ${contender.variant}` : ''}`
    return {
      name: contender.case + who,
      eventsPerSecond: warm,
      coldEventsPerSecond: cold,
      ratioToC: Number.isFinite(c) ? warm / c : null,
      ratioToNs3: Number.isFinite(ns3) ? warm / ns3 : null,
      peakRssMiB,
      min,
      max,
    }
  })
}

function table(cases: readonly Case[]): string {
  const rows = cases.map((c) => {
    const million = (rate: number) => (rate / 1e6).toFixed(2).padStart(8)
    const ratio = (value: number | null) => (value === null ? '-' : value.toFixed(2)).padStart(8)
    const ns = (1e9 / c.eventsPerSecond).toFixed(0).padStart(9)
    return `${c.name.padEnd(44)}${ns}${million(c.eventsPerSecond)}${million(c.min)}${million(c.max)}${million(c.coldEventsPerSecond)}${ratio(c.ratioToC)}${ratio(c.ratioToNs3)}${c.peakRssMiB.toFixed(0).padStart(8)}`
  })
  return [`${''.padEnd(44)} ns/event  10^6/s     min     max    cold    of C of ns-3 RSS MiB`, ...rows].join('\n')
}

async function kernel(rounds: number | undefined): Promise<readonly Case[]> {
  const folder = mkdtempSync(join(tmpdir(), 'fairway-bench-'))
  try {
    const { contenders, notices } = await prepareContenders(folder)
    for (const notice of notices) console.error(notice)
    const cases = casesOf(measureProcesses(contenders, rounds))
    const c = cases.find(({ name }) => name === 'M/M/1, load 0.8, C')
    if (c && c.eventsPerSecond < C_AT_LEAST)
      console.error(
        `C reaches ${(c.eventsPerSecond / 1e6).toFixed(1)} million events/s, not 40: this machine is slow or disturbed, and its ratios count for little`,
      )
    return cases
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** @param figures a folder for the drawings, or none */
async function growth(rounds: number | undefined, figures: string | undefined): Promise<Growth> {
  const folder = mkdtempSync(join(tmpdir(), 'fairway-bench-'))
  try {
    const found = await measureGrowth(folder, rounds)
    if (figures !== undefined) await writeGrowthFigures(found, figures)
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [suite = 'kernel', ...rest] = process.argv.slice(2)
const valueOf = (option: string) => (rest.includes(option) ? rest[rest.indexOf(option) + 1] : undefined)
const numberOf = (option: string) => (valueOf(option) === undefined ? undefined : Number(valueOf(option)))
const rounds = numberOf('--rounds')
const print = (cases: readonly object[], text: string) =>
  console.log(rest.includes('--json') ? JSON.stringify({ schema: 'fairway/bench/1', cases }) : text)
switch (suite) {
  case 'kernel': {
    const cases = await kernel(rounds)
    print(cases, table(cases))
    break
  }
  case 'growth': {
    const found = await growth(rounds, valueOf('--figures'))
    print([found], growthTable(found))
    break
  }
  case 'workers': {
    const cases = await measureWorkers(numberOf('--seconds'), rounds)
    print(cases, workersTable(cases))
    break
  }
  case 'functions': {
    const costs = await measureFunctions()
    print(costs, functionsTable(costs))
    break
  }
  case 'what-if': {
    // Loaded here alone: it brings the browser's driver along.
    const { measureWhatIf, whatIfTable } = await import('./what-if.js')
    const times = await measureWhatIf(rounds)
    print(times, whatIfTable(times))
    break
  }
  default:
    console.error(`bench: expected kernel, growth, workers, functions or what-if, got "${suite}"`)
    process.exitCode = 2
}
