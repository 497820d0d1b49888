/** Every element of a path with what this machine can do about it: measure it, or why not, and how that was found out. */
import { existsSync } from 'node:fs'
import { hasProgram } from './command.js'
import { type Element, installCommand } from './doctor.js'
import { CATALOGUE, type CatalogueEntry } from './elements.js'
import { addNamespace, deleteNamespaces, kernelNameOf } from './namespace.js'
import { type Probed, probeKernel } from './probe-kernel.js'
import { beginRun, type RunOptions } from './run.js'

export interface CatalogueElement {
  readonly name: string
  readonly kind: CatalogueEntry['kind']
  readonly measurable: boolean
  /** `not built`, or what is missing; of what can be measured, nothing more. */
  readonly reason: string
  readonly install: string | null
  /** Whether an experiment file can name it. */
  readonly isBuilt: boolean
  /** What its model stands on: measurements of a testbed, or published figures alone; null where it has no model. */
  readonly source: 'measured' | 'published' | null
  /** How it was found out, one thing after the other. */
  readonly evidence: readonly string[]
}

/** @param examined what `examine` has found @throws BusyError */
export async function examineCatalogue(examined: readonly Element[], options: RunOptions = {}): Promise<CatalogueElement[]> {
  const canTry =
    examined.find(({ name }) => name === 'root on Linux')?.measurable === true &&
    examined.find(({ name }) => name === 'bridge')?.measurable === true
  const kernel = canTry ? await probeAll(options) : new Map<CatalogueEntry, Probed>()
  const programs = new Set<string>()
  for (const name of new Set(CATALOGUE.flatMap((entry) => Object.keys(entry.programs ?? {})))) if (await isThere(name)) programs.add(name)
  return CATALOGUE.map((entry) => described(entry, examined, programs, kernel.get(entry)))
}

/** A CNI plugin or a module is no program on the PATH. */
async function isThere(program: string): Promise<boolean> {
  return program.startsWith('/') ? existsSync(program) : hasProgram(program)
}

function described(
  entry: CatalogueEntry,
  examined: readonly Element[],
  programs: ReadonlySet<string>,
  kernel: Probed | undefined,
): CatalogueElement {
  const needs = entry.needs.map((name) => examined.find((element) => element.name === name)).filter((element) => element !== undefined)
  const named = Object.entries(entry.programs ?? {})
  const missing = named.filter(([program]) => !programs.has(program))
  const evidence = [
    ...needs.map(({ name, measurable, reason }) => `${name}: ${measurable ? reason : `no (${reason})`}`),
    ...named.map(([program]) => `looked for ${program}: ${programs.has(program) ? 'found' : 'not installed'}`),
    ...(kernel === undefined ? [] : [kernel.evidence]),
  ]
  const lacking = [
    ...needs.filter(({ measurable }) => !measurable).map(({ name, reason }) => `${name}: ${reason}`),
    ...missing.map(([program]) => `${program} is not installed`),
    ...(kernel !== undefined && !kernel.has ? [kernel.evidence] : []),
    ...(entry.kernel !== undefined && kernel === undefined ? ['it could not be tried'] : []),
  ]
  const install = installCommand(missing.map(([, name]) => name)) ?? needs.find((element) => element.install !== null)?.install ?? null
  const { name, kind, isBuilt } = entry
  const reasons = isBuilt ? lacking : ['not built', ...lacking]
  return {
    name,
    kind,
    measurable: reasons.length === 0,
    reason: reasons.length === 0 ? 'everything that it needs is here' : reasons.join('; '),
    install,
    isBuilt,
    source: isBuilt ? 'measured' : null,
    evidence,
  }
}

async function probeAll(options: RunOptions): Promise<Map<CatalogueEntry, Probed>> {
  const found = new Map<CatalogueEntry, Probed>()
  const run = await beginRun(options)
  try {
    const namespaces: string[] = []
    for (const [index, entry] of CATALOGUE.entries()) {
      if (entry.kernel === undefined) continue
      const namespace = kernelNameOf(run.id, `probe${index}`)
      const needsOne = 'link' in entry.kernel || 'qdisc' in entry.kernel
      if (needsOne) {
        await addNamespace(run.journal, namespace)
        namespaces.push(namespace)
      }
      found.set(entry, await probeKernel(entry.kernel, namespace))
    }
    await deleteNamespaces(run.id, namespaces)
    return found
  } finally {
    await run.end()
  }
}
