/** Each flow joins two containers over a network that all its parties share, with messages that its transport can carry. */
import { isUnix } from '../../../models/topology/scenario.js'
import { MAX_UDP_PAYLOAD_BYTES } from '../document.js'
import { type DraftFlow, type End, isRouted, machineOfHost, network, networksOfFlow, type Site, serversOf } from '../draft.js'
import type { ExperimentError, Mismatch } from '../errors.js'
import { child, type Path } from '../located.js'
import * as messages from '../messages.js'
import { formatBytes } from '../units.js'
import { oneOf } from '../words.js'
import { isWritten, mistake, repeated } from './report.js'

export function checkFlows(site: Site): readonly ExperimentError[] {
  const { flows } = site.draft
  const written = child(site.tree, 'flows')
  if (written?.kind === 'map' && written.entries.size === 0) return [mistake(site, [['flows']], messages.noFlow())]
  return Object.entries(flows ?? {}).flatMap(([name, flow]) => (flow === undefined ? [] : flowErrors(site, ['flows', name], flow)))
}

function flowErrors(site: Site, here: Path, flow: DraftFlow): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const report = (paths: readonly Path[], mismatch: Mismatch): void => {
    errors.push(mistake(site, paths, mismatch))
  }
  const message = flow.workload?.message
  if (flow.transport === 'udp') {
    const [proxy] = flow.via ?? []
    if (proxy !== undefined)
      report(
        [
          [...here, 'via'],
          [...here, 'transport'],
        ],
        messages.udpViaSocks(proxy),
      )
    if (message !== undefined && message > MAX_UDP_PAYLOAD_BYTES) {
      const paths = [
        [...here, 'workload', 'message'],
        [...here, 'transport'],
      ]
      report(paths, messages.udpTooLong(`${MAX_UDP_PAYLOAD_BYTES} B`, formatBytes(message)))
    }
  }
  for (const { word, index } of repeated(flow.via ?? [])) report([[...here, 'via', index]], messages.proxyTwice(word))
  if (flow.from !== undefined && flow.from === flow.to) {
    report([[...here, 'to']], messages.flowToItself(flow.to))
    return errors
  }
  errors.push(...workloadErrors(site, here, flow))
  // A Unix-domain socket needs no network: volumes.ts.
  if (flow.transport === undefined || !isUnix(flow.transport)) errors.push(...networkErrors(site, here, flow))
  return errors
}

/** A load has a rate and a client with a core of its own, which spins; who waits for replies has neither. */
function workloadErrors(site: Site, here: Path, flow: DraftFlow): readonly ExperimentError[] {
  const { from, workload } = flow
  const at = (key: string): Path => [...here, 'workload', key]
  if (workload?.kind === 'stream') return streamErrors(site, here, flow)
  if (workload?.kind !== undefined) {
    const missing = isWritten(site, at('message')) ? [] : [mistake(site, [at('message')], messages.missing(MESSAGE_EXPECTED))]
    const written = STREAM_KEYS.filter((key) => workload[key] !== undefined)
    const errors = [...missing, ...written.map((key) => mistake(site, [at(key), at('kind')], messages.onlyStream(key)))]
    if (errors.length > 0) return errors
  }
  if (workload?.kind !== undefined && workload.kind !== 'open-loop') {
    const written = (['rate', 'arrivals'] as const).filter((key) => workload[key] !== undefined)
    return written.map((key) => mistake(site, [at(key), at('kind')], messages.onlyOpenLoop(key)))
  }
  if (workload?.kind !== 'open-loop') return []
  const errors: ExperimentError[] = []
  if (!isWritten(site, at('rate'))) errors.push(mistake(site, [at('rate'), at('kind')], messages.openLoopRate()))
  const client = endNamed(site.containers, from)
  if (client?.core === undefined) return errors
  const beside = site.ends.find(
    (end) =>
      end.section !== 'routers' &&
      end.name !== client.name &&
      end.core === client.core &&
      machineOfHost(site.draft, end.host) === machineOfHost(site.draft, client.host),
  )
  if (beside !== undefined) {
    const paths: Path[] = [['containers', client.name, 'core'], [beside.section, beside.name, 'core'], at('kind')]
    errors.push(mistake(site, paths, messages.spinsAlone(client.name, client.core, beside.name)))
  }
  return errors
}

const MESSAGE_EXPECTED = 'a size such as "64 B" or "4 KiB"'
const STREAM_KEYS = ['write', 'read', 'send-buffer', 'receive-buffer'] as const

/** Bulk data has no messages to answer: its sizes are those of writes and reads. */
function streamErrors(site: Site, here: Path, { transport, via, workload }: DraftFlow): readonly ExperimentError[] {
  const at = (key: string): Path => [...here, 'workload', key]
  const errors: ExperimentError[] = []
  if (!isWritten(site, at('write'))) errors.push(mistake(site, [at('write'), at('kind')], messages.streamWrite()))
  for (const key of ['message', 'rate', 'arrivals', 'at-once'] as const)
    if (workload?.[key] !== undefined) errors.push(mistake(site, [at(key), at('kind')], messages.notOfStream(key)))
  if (transport !== undefined && transport !== 'tcp')
    errors.push(mistake(site, [[...here, 'transport'], at('kind')], messages.streamOverTcp(transport)))
  const [proxy] = via ?? []
  if (proxy !== undefined) errors.push(mistake(site, [[...here, 'via'], at('kind')], messages.streamWithoutProxies(proxy)))
  return errors
}

function networkErrors(site: Site, here: Path, flow: DraftFlow): readonly ExperimentError[] {
  const [from, to] = [endNamed(site.containers, flow.from), endNamed(site.containers, serversOf(site.draft, flow)[0])]
  if (from === undefined || to === undefined || !allNetworksRead(site, from) || !allNetworksRead(site, to)) return []
  const attachments: Path[] = [
    ['containers', to.name, 'networks'],
    ['containers', from.name, 'networks'],
  ]
  const shared = from.networks.filter((name) => to.networks.includes(name))
  if (isRouted(site.draft)) return routedErrors(site, here, flow, to)
  if (shared.length === 0)
    return [mistake(site, [[...here, 'to'], ...attachments], messages.noSharedNetwork(from.name, from.networks, to.name, to.networks))]

  const chosen = flow.network
  if (chosen !== undefined) {
    const apart = [from, to].find((end) => network(site.draft, chosen) !== undefined && !end.networks.includes(chosen))
    if (apart !== undefined)
      return [mistake(site, [[...here, 'network'], ...attachments], messages.notOnNetwork(chosen, apart.name, apart.networks))]
  }
  const carrying = shared.filter((name) => network(site.draft, name)?.driver !== 'none')
  const candidates = chosen === undefined ? carrying : [chosen]
  const [first] = candidates
  if (first === undefined || network(site.draft, first)?.driver === 'none') {
    const silent = first ?? shared[0]!
    return [
      mistake(
        site,
        [
          [...here, chosen === undefined ? 'to' : 'network'],
          ['networks', silent, 'driver'],
        ],
        messages.networkCarriesNothing(silent),
      ),
    ]
  }
  const unreachable = (flow.via ?? []).flatMap((name, i) => proxyError(site, here, candidates, endNamed(site.proxies, name), i))
  if (unreachable.length > 0) return unreachable
  const usable = chosen === undefined ? networksOfFlow(site, flow) : [chosen]
  if (usable.length > 1 && !isWritten(site, [...here, 'network']))
    return [mistake(site, [[...here, 'network']], messages.missing(oneOf('network', usable)))]
  return podErrors(site, here, from, to, usable[0] ?? first)
}

/** Where something forwards, the ends of a flow need no network in common: whether packets get there is the routes' to say. */
function routedErrors(site: Site, here: Path, flow: DraftFlow, to: End): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const isService = flow.to !== to.name
  if (flow.published === true && isService) errors.push(mistake(site, [[...here, 'published']], messages.publishedService(flow.to!)))
  else if (flow.published === true && site.draft.containers?.[to.name]?.publish === undefined)
    errors.push(
      mistake(
        site,
        [
          [...here, 'published'],
          ['containers', to.name],
        ],
        messages.notPublished(to.name),
      ),
    )
  const chosen = flow.network
  if (chosen !== undefined && network(site.draft, chosen) !== undefined && !to.networks.includes(chosen))
    errors.push(mistake(site, [[...here, 'network']], messages.notOnNetwork(chosen, to.name, to.networks)))
  const usable = chosen === undefined ? networksOfFlow(site, flow) : [chosen]
  if (usable.length > 1 && !isWritten(site, [...here, 'network']))
    errors.push(mistake(site, [[...here, 'network']], messages.missing(oneOf('network', usable))))
  if (usable.length === 0)
    errors.push(
      mistake(
        site,
        [
          [...here, 'to'],
          ['containers', to.name, 'networks'],
        ],
        messages.noNetwork(to.name),
      ),
    )
  return errors
}

function endNamed(ends: ReadonlyMap<string, End>, name: string | undefined): End | undefined {
  return name === undefined ? undefined : ends.get(name)
}

/** A container one of whose networks is unknown has its own message: no second one about what it shares. */
function allNetworksRead(site: Site, end: End): boolean {
  const written = site.draft.containers?.[end.name]?.networks
  return written?.every((name) => name !== undefined && end.networks.includes(name)) === true
}

function proxyError(
  site: Site,
  here: Path,
  networks: readonly string[],
  proxy: End | undefined,
  index: number,
): readonly ExperimentError[] {
  const [own] = proxy?.networks ?? []
  if (proxy === undefined || own === undefined || networks.includes(own)) return []
  const paths: Path[] = [
    [...here, 'via', index],
    ['proxies', proxy.name, 'network'],
  ]
  return [mistake(site, paths, messages.proxyUnreachable(proxy.name, own, networks.join(' or ')))]
}

/** Two containers of one pod reach each other over its loopback, whatever other networks the pod has. */
function podErrors(site: Site, here: Path, from: End, to: End, used: string): readonly ExperimentError[] {
  const isPod = (name: string): boolean => network(site.draft, name)?.driver === 'shared'
  const pod = from.networks.find((name) => isPod(name) && to.networks.includes(name))
  if (pod === undefined || pod === used) return []
  return [mistake(site, [[...here, 'network']], messages.onePod(pod, used))]
}
