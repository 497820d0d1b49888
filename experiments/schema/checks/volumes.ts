/** A volume belongs to one host: its containers mount it, and Unix-domain sockets stand in it. */
import { isUnix } from '../../../models/topology/scenario.js'
import { MAX_UNIX_DATAGRAM_BYTES } from '../document.js'
import { type DraftFlow, type Site, volumesOfFlow } from '../draft.js'
import type { ExperimentError, Mismatch } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { formatBytes } from '../units.js'
import { oneOf } from '../words.js'
import { mistake } from './report.js'

export function checkVolumes(site: Site): readonly ExperimentError[] {
  return [
    ...mountErrors(site),
    ...Object.entries(site.draft.flows ?? {}).flatMap(([name, flow]) => flowErrors(site, ['flows', name], flow)),
  ]
}

/** A container can't mount a folder of another host. */
function mountErrors(site: Site): readonly ExperimentError[] {
  const { containers, volumes, hosts } = site.draft
  return Object.entries(containers ?? {}).flatMap(([name, container]) =>
    (container?.volumes ?? []).flatMap((volume, i) => {
      const host = volume === undefined || volumes === undefined || !Object.hasOwn(volumes, volume) ? undefined : volumes[volume]?.host
      const own = container?.host
      const isKnown = (one: string | undefined): one is string => one !== undefined && hosts !== undefined && Object.hasOwn(hosts, one)
      if (!isKnown(host) || !isKnown(own) || host === own) return []
      const paths = [
        ['containers', name, 'volumes', i],
        ['containers', name, 'host'],
        ['volumes', volume!, 'host'],
      ]
      return [mistake(site, paths, messages.volumeElsewhere(volume!, host, name, own))]
    }),
  )
}

function flowErrors(site: Site, here: Path, flow: DraftFlow | undefined): readonly ExperimentError[] {
  if (flow?.transport === undefined) return []
  const errors: ExperimentError[] = []
  const at = (key: string): Path => [...here, key]
  const report = (path: Path, mismatch: Mismatch): void => {
    errors.push(mistake(site, [path, at('transport')], mismatch))
  }
  if (!isUnix(flow.transport)) {
    if (flow.volume !== undefined) report(at('volume'), messages.volumeWithoutUnix(flow.transport))
    return errors
  }
  const { transport, workload } = flow
  const [proxy] = flow.via ?? []
  if (proxy !== undefined) report(at('via'), messages.unixViaProxy(transport, proxy))
  if (flow.network !== undefined) report(at('network'), messages.unixOnNetwork(transport, flow.network))
  if (flow.published === true) report(at('published'), messages.unixPublished(transport))
  if (workload?.kind === 'open-loop') report([...here, 'workload', 'kind'], messages.unixOpenLoop(transport))
  const message = workload?.message
  if (transport === 'unix-datagram' && message !== undefined && message > MAX_UNIX_DATAGRAM_BYTES)
    report([...here, 'workload', 'message'], messages.unixTooLong(formatBytes(message)))
  const { to } = flow
  if (to !== undefined && site.draft.services !== undefined && Object.hasOwn(site.draft.services, to)) {
    report(at('to'), messages.unixToService(transport, to))
    return errors
  }
  return [...errors, ...socketErrors(site, here, flow)]
}

/** Both ends mount the volume that holds the flow's socket. */
function socketErrors(site: Site, here: Path, flow: DraftFlow): readonly ExperimentError[] {
  const mounts = [flow.from, flow.to].map((name) => ({ name, volumes: mountedBy(site, name) }))
  const [from, to] = mounts
  // A container or a volume that is unknown has its own message.
  if (from?.volumes === undefined || to?.volumes === undefined || flow.from === flow.to) return []
  const chosen = flow.volume
  if (chosen !== undefined) {
    const isKnown = site.draft.volumes !== undefined && Object.hasOwn(site.draft.volumes, chosen)
    const apart = mounts.find(({ volumes }) => !volumes!.includes(chosen))
    if (!isKnown || apart === undefined) return []
    const paths = [
      [...here, 'volume'],
      ['containers', apart.name!, 'volumes'],
    ]
    return [mistake(site, paths, messages.notMounted(chosen, apart.name!, apart.volumes!))]
  }
  const shared = volumesOfFlow(site.draft, flow)
  if (shared.length === 1) return []
  if (shared.length > 1) return [mistake(site, [[...here, 'volume']], messages.missing(oneOf('volume', shared)))]
  const paths = [
    [...here, 'to'],
    [...here, 'transport'],
    ['containers', to.name!, 'volumes'],
    ['containers', from.name!, 'volumes'],
  ]
  return [mistake(site, paths, messages.noSharedVolume(from.name!, from.volumes, to.name!, to.volumes))]
}

/** Undefined where the container, or one of its volumes, could not be read. */
function mountedBy({ draft }: Site, name: string | undefined): readonly string[] | undefined {
  if (name === undefined || draft.containers === undefined || !Object.hasOwn(draft.containers, name)) return undefined
  const written = draft.containers[name]?.volumes ?? []
  const known = written.filter((volume) => volume !== undefined && draft.volumes !== undefined && Object.hasOwn(draft.volumes, volume))
  return known.length === written.length ? (known as readonly string[]) : undefined
}
