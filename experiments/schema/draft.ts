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
  readonly host: string | undefined
  readonly core: number | undefined
  readonly networks: readonly string[]
  readonly bridge: number | undefined
}

/** A merged document at one point, with the tree that it was read from. */
export interface Site {
  readonly draft: DraftDocument
  readonly tree: LocatedNode
  readonly ends: readonly End[]
}

export function siteOf(draft: DraftDocument, tree: LocatedNode): Site {
  const known = (name: string | undefined): name is string => name !== undefined && network(draft, name) !== undefined
  const containers = Object.entries(draft.containers ?? {}).map(
    ([name, c = {}]): End => ({
      name,
      section: 'containers',
      host: c.host,
      core: c.core,
      networks: (c.networks ?? []).filter(known),
      bridge: c.bridge,
    }),
  )
  const proxies = Object.entries(draft.proxies ?? {}).map(
    ([name, p = {}]): End => ({
      name,
      section: 'proxies',
      host: p.host,
      core: p.core,
      networks: [p.network].filter(known),
      bridge: p.bridge,
    }),
  )
  return { draft, tree, ends: [...containers, ...proxies] }
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

export function subnetOf(draft: DraftDocument, name: string): string {
  return network(draft, name)?.subnet ?? defaultSubnet(Object.keys(draft.networks ?? {}).indexOf(name))
}

/** The networks that a flow could use: both ends and every proxy are attached to them, and they carry traffic. */
export function networksOfFlow(site: Site, flow: DraftFlow): readonly string[] {
  const members = [flow.from, flow.to].map((name) => site.ends.find((end) => end.section === 'containers' && end.name === name))
  const proxies = (flow.via ?? []).map((name) => site.ends.find((end) => end.section === 'proxies' && end.name === name))
  const all = [...members, ...proxies]
  return (members[0]?.networks ?? []).filter(
    (name) => network(site.draft, name)?.driver !== 'none' && all.every((end) => end?.networks.includes(name)),
  )
}
