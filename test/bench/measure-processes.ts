/** Whole processes, interleaved: every contender once in turn, seven times, so that whatever disturbs the machine meets all of them. */
import { execFileSync } from 'node:child_process'
import type { Contender } from './contenders.js'

export interface Measured {
  readonly contender: Contender
  /** Events per second in the last run of a process (warm) and in its first (cold): medians over the processes; slowest and fastest warm one. */
  readonly warm: number
  readonly cold: number
  readonly min: number
  readonly max: number
  /** The most memory that any of the processes had resident. */
  readonly peakRssMiB: number
}

const ROUNDS = 7

export function measureProcesses(contenders: readonly Contender[], rounds = ROUNDS): Measured[] {
  const samples = contenders.map((): { warm: number; cold: number; peakMiB: number }[] => [])
  for (let round = 0; round < rounds; round++) for (const [i, contender] of contenders.entries()) samples[i]!.push(measureOnce(contender))
  return contenders.map((contender, i) => {
    const warm = samples[i]!.map((sample) => sample.warm)
    return {
      contender,
      warm: median(warm),
      cold: median(samples[i]!.map(({ cold }) => cold)),
      min: Math.min(...warm),
      max: Math.max(...warm),
      peakRssMiB: Math.max(...samples[i]!.map(({ peakMiB }) => peakMiB)),
    }
  })
}

function measureOnce({ command: [program, ...rest], eventsPerRun }: Contender): { warm: number; cold: number; peakMiB: number } {
  const lines = execFileSync(program!, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trim()
    .split('\n')
  const seconds = lines.filter((line) => /^[\d.e-]+$/.test(line)).map(Number)
  const peak = /^peak (\d+) KiB$/.exec(lines.at(-1) ?? '')
  if (seconds.length === 0 || !peak) throw new Error(`${program} ${rest.join(' ')}: unexpected output ${lines.join(' | ')}`)
  return { warm: eventsPerRun / seconds.at(-1)!, cold: eventsPerRun / seconds[0]!, peakMiB: Number(peak[1]) / 1024 }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]!
}
