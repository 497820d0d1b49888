/** The probes: small C programs, compiled when they are needed, that time what no ping-pong median can separate. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageRoot } from '../../package-root.js'
import { command } from '../command.js'

export type Probe = 'own-ends' | 'wake-up'

/** Sources stand beside this file; a build keeps them in the package's own folder. */
function sourceOf(probe: Probe): string {
  return fileURLToPath(new URL(`experiments/testbed/instruments/probes/${probe}.c`, packageRoot))
}

/** Compiles a probe into a folder, once. @throws CommandError where gcc is missing or refuses */
export async function compileProbe(probe: Probe, folder: string): Promise<string> {
  const program = join(folder, probe)
  if (!existsSync(program)) await command(['gcc', '-O2', '-Wall', '-Wextra', '-o', program, sourceOf(probe)])
  return program
}

/** One line of a probe's answer: the duration of one call, ns; it contains the reading of the clock. */
export interface CallDuration {
  readonly call: string
  readonly bytes: number
  readonly count: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p99: number
  readonly mean: number
  readonly min: number
}

/** The lines that hold durations. @throws SyntaxError for a line that is no JSON */
export function parseProbe(output: string): CallDuration[] {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => JSON.parse(line) as CallDuration).filter((line) => line.call !== undefined)
}

/** Durations with the clock's own cost taken off, which the probe measured first. */
export function withoutClock(durations: readonly CallDuration[]): CallDuration[] {
  const clockNs = durations.find(({ call }) => call === 'clock')?.p50 ?? 0
  // A batch of calls reads the clock once; its share in one of them is below what the clock resolves.
  return durations
    .filter(({ call }) => call !== 'clock')
    .map((line) =>
      line.call === 'system-call'
        ? line
        : {
            ...line,
            p25: line.p25 - clockNs,
            p50: line.p50 - clockNs,
            p75: line.p75 - clockNs,
            p99: line.p99 - clockNs,
            mean: line.mean - clockNs,
            min: line.min - clockNs,
          },
    )
}
