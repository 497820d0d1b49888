/** Whether this kernel has what an element needs: a device type or queueing discipline is made in a namespace, a file read, bpftool asked. */
import { existsSync, readFileSync } from 'node:fs'
import { command } from './command.js'
import type { KernelNeed } from './elements.js'

export interface Probed {
  readonly has: boolean
  /** What was done to find out, and what came of it. */
  readonly evidence: string
}

/** @param namespace one of the run's, empty */
export async function probeKernel(need: KernelNeed, namespace: string): Promise<Probed> {
  if ('link' in need) {
    const { before = [], after = [] } = ARGUMENTS[need.link] ?? {}
    const argv = ['ip', '-n', namespace, 'link', 'add', ...before, 'name', 'probe0', 'type', need.link, ...after]
    return tried(argv, `a device of type ${need.link}`)
  }
  if ('qdisc' in need)
    return tried(['tc', '-n', namespace, 'qdisc', 'add', 'dev', 'lo', 'root', need.qdisc], `the queueing discipline ${need.qdisc}`)
  if ('map' in need) return triedMap(need.map)
  if (!existsSync(need.file)) return { has: false, evidence: `${need.file} isn't there` }
  if (need.holds !== undefined && !readFileSync(need.file, 'utf8').includes(need.holds))
    return { has: false, evidence: `${need.file} has no ${need.holds}` }
  return { has: true, evidence: `${need.file}${need.holds === undefined ? ' is there' : ` has ${need.holds}`}` }
}

/** What `ip link add` wants of a type beside its name. */
const ARGUMENTS: Readonly<Record<string, { readonly before?: readonly string[]; readonly after?: readonly string[] }>> = {
  ipvlan: { before: ['link', 'lo'] },
  vrf: { after: ['table', '10'] },
  geneve: { after: ['id', '7', 'remote', '127.0.0.2'] },
  ipip: { after: ['local', '127.0.0.1', 'remote', '127.0.0.2'] },
  gre: { after: ['local', '127.0.0.1', 'remote', '127.0.0.2'] },
}

async function tried(argv: readonly string[], what: string): Promise<Probed> {
  try {
    await command(argv)
    return { has: true, evidence: `tried: ${what}` }
  } catch (error) {
    return {
      has: false,
      evidence: `this kernel refuses ${what}: ${(error as { stderr?: string }).stderr?.trim() || (error as Error).message}`,
    }
  }
}

/** Asked of bpftool rather than made: what makes a map pins it, and mounts a file system for that. */
async function triedMap(type: string): Promise<Probed> {
  try {
    const { map_types: types } = JSON.parse(await command(['bpftool', '-j', 'feature', 'probe', 'kernel'])) as {
      readonly map_types: Readonly<Record<string, boolean>>
    }
    const has = types[`have_${type}_map_type`] === true
    return { has, evidence: `bpftool feature probe: ${has ? 'has' : 'has no'} map of type ${type}` }
  } catch (error) {
    return { has: false, evidence: `maps of type ${type} could not be looked for: ${(error as Error).message}` }
  }
}
