/** What a container's start can be measured and modelled for: a bridge on one host, over TCP. */
import { type DraftFlow, mtuOf, network, networksOfFlow, type Site, subnetsOf } from '../draft.js'
import type { ExperimentError, Mismatch } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { readSubnet, roomIn } from '../subnet.js'
import { formatBytes } from '../units.js'
import { mistake } from './report.js'

/** IPv4 and TCP headers with time stamps (RFC 9293, RFC 7323). */
const TCP_HEADERS_BYTES = 52

export function checkStarts(site: Site): readonly ExperimentError[] {
  const flows = Object.entries(site.draft.flows ?? {})
  return flows.flatMap(([name, flow]) => (flow === undefined ? [] : flowErrors(site, ['flows', name], flow, flows.length)))
}

function flowErrors(site: Site, here: Path, flow: DraftFlow, flows: number): readonly ExperimentError[] {
  const { draft } = site
  const { workload, transport, via = [], from, to } = flow
  const kind: Path = [...here, 'workload', 'kind']
  const errors: ExperimentError[] = []
  const report = (path: Path, mismatch: Mismatch): void => {
    errors.push(mistake(site, [path, kind], mismatch))
  }
  const atOnce = workload?.['at-once']
  if (workload?.kind !== 'start') {
    if (workload?.kind !== undefined && atOnce !== undefined) report([...here, 'workload', 'at-once'], messages.onlyStart())
    return errors
  }
  const refuse = (path: Path, expected: string, found: string): void => report(path, messages.startNot(expected, found))
  if (flows > 1) refuse(here, 'the only flow of the experiment', `${flows} flows`)
  if (transport !== undefined && transport !== 'tcp') refuse([...here, 'transport'], 'transport tcp', transport)
  if (via[0] !== undefined) refuse([...here, 'via'], 'no proxy on the way', via[0])
  if (flow.published === true) refuse([...here, 'published'], "the server's own address", 'a published port')
  if (to !== undefined && Object.hasOwn(draft.services ?? {}, to)) refuse([...here, 'to'], 'a container as the server', `service ${to}`)
  const [client, server] = [site.containers.get(from ?? ''), site.containers.get(to ?? '')]
  if (client?.host !== undefined && server?.host !== undefined && client.host !== server.host)
    refuse([...here, 'to'], `a server on host ${client.host}, where the containers start`, `${to} on ${server.host}`)
  if (from !== undefined && draft.containers?.[from]?.['cpu-quota'] !== undefined)
    refuse(['containers', from, 'cpu-quota'], 'containers without a quota', 'one')
  return [...errors, ...networkErrors(site, here, flow)]
}

function networkErrors(site: Site, here: Path, flow: DraftFlow): readonly ExperimentError[] {
  const { draft } = site
  const name = flow.network ?? networksOfFlow(site, flow)[0]
  const used = name === undefined ? undefined : network(draft, name)
  if (name === undefined || used === undefined) return []
  const errors: ExperimentError[] = []
  const refuse = (key: string, expected: string, found: string): void => {
    errors.push(
      mistake(
        site,
        [
          ['networks', name, key],
          [...here, 'workload', 'kind'],
        ],
        messages.startNot(expected, found),
      ),
    )
  }
  if (used.driver !== undefined && used.driver !== 'bridge') refuse('driver', 'a network of driver bridge', used.driver)
  if (used.bridges !== undefined && used.bridges > 1) refuse('bridges', 'one bridge', `a chain of ${used.bridges}`)
  const { 'at-once': atOnce = 1, message } = flow.workload ?? {}
  const mtu = mtuOf(draft, name)
  if (message !== undefined && mtu !== undefined && message > mtu - TCP_HEADERS_BYTES)
    errors.push(
      mistake(
        site,
        [[...here, 'workload', 'message']],
        messages.startNot(`a first message of one segment, at most ${formatBytes(mtu - TCP_HEADERS_BYTES)}`, formatBytes(message)),
      ),
    )
  const subnet = subnetsOf(draft).get(name)!
  const prefix = readSubnet(subnet)
  const free = prefix === null ? null : roomIn(prefix) - (site.attached.get(name)?.length ?? 0)
  if (free !== null && atOnce > free)
    errors.push(
      mistake(
        site,
        [
          [...here, 'workload', 'at-once'],
          ['networks', name, 'subnet'],
        ],
        messages.startLacksAddresses(atOnce, free, subnet),
      ),
    )
  return errors
}
