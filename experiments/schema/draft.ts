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

/** What joins networks: a container, a proxy, or a router. */
export interface End {
  readonly name: string
  readonly section: 'containers' | 'proxies' | 'routers'
  /** Undefined where it is missing, or no host of the file. */
  readonly host: string | undefined
  readonly core: number | undefined
  /** Those of the file, each once. */
  readonly networks: readonly string[]
  readonly bridge: number | undefined
  /** The container whose namespace it shares. */
  readonly beside?: string | undefined
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
      beside: p.beside,
    }),
  )
  const routers = Object.entries(draft.routers ?? {}).map(
    ([name, r = {}]): End => ({
      name,
      section: 'routers',
      host: hostNamed(r.host),
      core: undefined,
      networks: [...new Set(r.networks)].filter(known),
      bridge: r.bridge,
    }),
  )
  const ends = [...containers, ...proxies, ...routers]
  const attached = new Map<string, End[]>(Object.keys(draft.networks ?? {}).map((name) => [name, []]))
  for (const end of ends) if (end.beside === undefined) for (const name of end.networks) attached.get(name)!.push(end)
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

/** The containers that a flow's connections may end at: its server, or the backends of its service. */
export function serversOf(draft: DraftDocument, flow: DraftFlow): readonly string[] {
  const { to } = flow
  if (to === undefined) return []
  const service = draft.services !== undefined && Object.hasOwn(draft.services, to) ? draft.services[to] : undefined
  return service === undefined ? [to] : (service.backends ?? []).filter((name) => name !== undefined)
}

/** The volumes that both ends of a flow mount. */
export function volumesOfFlow(draft: DraftDocument, { from, to }: DraftFlow): readonly string[] {
  const mounted = (name: string | undefined): readonly (string | undefined)[] =>
    (name !== undefined && draft.containers !== undefined && Object.hasOwn(draft.containers, name) && draft.containers[name]?.volumes) || []
  return mounted(from).filter((volume) => volume !== undefined && mounted(to).includes(volume)) as readonly string[]
}

/** Whether a flow's packets may be forwarded between networks: anything forwards, or translates, in the file. */
export function isRouted(draft: DraftDocument): boolean {
  const some = (section: object | undefined): boolean => Object.keys(section ?? {}).length > 0
  const has = (policy: { readonly [key: string]: unknown } | undefined): boolean =>
    ['firewall', 'rules', 'conntrack', 'masquerade'].some((key) => policy?.[key] !== undefined)
  return (
    (draft.engine !== undefined && draft.engine !== 'netns') ||
    some(draft.routers) ||
    some(draft.services) ||
    Object.values(draft.hosts ?? {}).some(has) ||
    (draft.links ?? []).some((link) => (link?.hops ?? 0) > 0) ||
    (draft.links ?? []).length > 1 ||
    Object.values(draft.networks ?? {}).some((each) => each?.gateway === true || each?.driver === 'routed') ||
    Object.values(draft.containers ?? {}).some((each) => each?.publish !== undefined)
  )
}

/** The networks that a flow could use: both ends and every proxy are attached to them, and they carry traffic. */
export function networksOfFlow(site: Site, flow: DraftFlow): readonly string[] {
  const named = (ends: ReadonlyMap<string, End>, name: string | undefined): End | undefined =>
    name === undefined ? undefined : ends.get(name)
  const carries = (name: string): boolean => network(site.draft, name)?.driver !== 'none'
  const from = named(site.containers, flow.from)
  const servers = serversOf(site.draft, flow).map((name) => named(site.containers, name))
  const others = [...servers, ...(flow.via ?? []).map((name) => named(site.proxies, name))]
  const shared = (from?.networks ?? []).filter((name) => carries(name) && others.every((end) => end?.networks.includes(name)))
  if (shared.length > 0 || !isRouted(site.draft)) return shared
  return (servers[0]?.networks ?? []).filter((name) => carries(name) && servers.every((end) => end?.networks.includes(name)))
}
