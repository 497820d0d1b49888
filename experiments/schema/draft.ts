/** A document as far as it could be read: what was wrong is absent, so that checks of the rest still run. */
import { DEFAULT_MTU_BYTES, type ExperimentDocument } from './document.js'
import type { LocatedNode } from './located.js'
import { defaultSubnet } from './subnet.js'

export type Draft<T> = T extends readonly (infer U)[]
  ? readonly (Draft<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T

export type DraftDocument = Draft<ExperimentDocument>
export type DraftNetwork = Draft<ExperimentDocument['networks'][string]>
export type DraftFlow = Draft<ExperimentDocument['flows'][string]>

/** What joins networks: a container, or a proxy. */
export interface End {
  readonly name: string
  readonly section: 'containers' | 'proxies'
  /** Undefined where it is missing, or no host of the file. */
  readonly host: string | undefined
  readonly core: number | undefined
  /** Those of the file, each once. */
  readonly networks: readonly string[]
  readonly bridge: number | undefined
}

/** A merged document at one point, with the tree that it was read from. */
export interface Site {
  readonly draft: DraftDocument
  readonly tree: LocatedNode
  readonly ends: readonly End[]
  readonly containers: ReadonlyMap<string, End>
  readonly proxies: ReadonlyMap<string, End>
  /** The ends that are attached to each network. */
  readonly attached: ReadonlyMap<string, readonly End[]>
}

export function siteOf(draft: DraftDocument, tree: LocatedNode): Site {
  const known = (name: string | undefined): name is string => name !== undefined && network(draft, name) !== undefined
  const hostNamed = (name: string | undefined) => (machineOfHost(draft, name) === undefined ? undefined : name)
  const containers = Object.entries(draft.containers ?? {}).map(
    ([name, c = {}]): End => ({
      name,
      section: 'containers',
      host: hostNamed(c.host),
      core: c.core,
      networks: [...new Set(c.networks)].filter(known),
      bridge: c.bridge,
    }),
  )
  const proxies = Object.entries(draft.proxies ?? {}).map(
    ([name, p = {}]): End => ({
      name,
      section: 'proxies',
      host: hostNamed(p.host),
      core: p.core,
      networks: [p.network].filter(known),
      bridge: p.bridge,
    }),
  )
  const ends = [...containers, ...proxies]
  const attached = new Map<string, End[]>(Object.keys(draft.networks ?? {}).map((name) => [name, []]))
  for (const end of ends) for (const name of end.networks) attached.get(name)!.push(end)
  const byName = (list: readonly End[]) => new Map(list.map((end) => [end.name, end]))
  return { draft, tree, ends, containers: byName(containers), proxies: byName(proxies), attached }
}

export function network(draft: DraftDocument, name: string): DraftNetwork | undefined {
  return draft.networks !== undefined && Object.hasOwn(draft.networks, name) ? draft.networks[name] : undefined
}

export function machineOfHost(draft: DraftDocument, name: string | undefined): string | undefined {
  return name !== undefined && draft.hosts !== undefined && Object.hasOwn(draft.hosts, name) ? draft.hosts[name]?.machine : undefined
}

/** The defaults that depend on other keys. */
export function mtuOf(draft: DraftDocument, name: string): number | undefined {
  const found = network(draft, name)
  return draft.tcp?.mtu ?? found?.mtu ?? (found?.driver === undefined ? undefined : DEFAULT_MTU_BYTES[found.driver])
}

/** The prefix of each network, written or by default (`10.70.N.0/24`). */
export function subnetsOf(draft: DraftDocument): ReadonlyMap<string, string> {
  return new Map(Object.entries(draft.networks ?? {}).map(([name, found], index) => [name, found?.subnet ?? defaultSubnet(index)]))
}

/** The networks that a flow could use: both ends and every proxy are attached to them, and they carry traffic. */
export function networksOfFlow(site: Site, flow: DraftFlow): readonly string[] {
  const named = (ends: ReadonlyMap<string, End>, name: string | undefined): End | undefined =>
    name === undefined ? undefined : ends.get(name)
  const from = named(site.containers, flow.from)
  const others = [named(site.containers, flow.to), ...(flow.via ?? []).map((name) => named(site.proxies, name))]
  return (from?.networks ?? []).filter(
    (name) => network(site.draft, name)?.driver !== 'none' && others.every((end) => end?.networks.includes(name)),
  )
}
