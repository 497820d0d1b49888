/** What each driver asks of the containers and hosts that it joins. */

import { type End, machineOfHost, type Site } from '../draft.js'
import type { ExperimentError, Mismatch } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { mistake } from './report.js'

export function checkNetworks(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  const tunnels = new Map<number, string>()
  for (const [name, network] of Object.entries(site.draft.networks ?? {})) {
    const driver = network?.driver
    if (driver === undefined) continue
    const ends = site.attached.get(name) ?? []
    const hosts = [...new Set(ends.flatMap((end) => (end.host === undefined ? [] : [end.host])))]
    const paths: Path[] = [['networks', name, 'driver'], ...ends.flatMap((end) => pathsOf(end))]
    const report = (mismatch: Mismatch): void => {
      errors.push(mistake(site, paths, mismatch))
    }
    if (network?.gateway === true && driver !== 'bridge')
      errors.push(
        mistake(
          site,
          [
            ['networks', name, 'gateway'],
            ['networks', name, 'driver'],
          ],
          messages.gatewayWithoutBridge(driver),
        ),
      )
    const forwarded = ends.find((end) => end.section === 'routers')
    if (forwarded !== undefined && (driver === 'shared' || driver === 'host'))
      errors.push(
        mistake(
          site,
          [
            ['routers', forwarded.name, 'networks'],
            ['networks', name, 'driver'],
          ],
          messages.routerWithoutNamespace(driver),
        ),
      )
    switch (driver) {
      case 'none':
        break
      case 'shared':
      case 'bridge':
      case 'macvlan':
      case 'ebpf-redirect':
        if (hosts.length > 1) report(messages.onOneHost(driver, hosts))
        break
      case 'routed':
        for (const host of hosts.slice(1)) if (!isLinked(site, hosts[0]!, host)) report(messages.noLink(hosts[0]!, host, driver))
        break
      case 'veth': {
        if (ends.length !== 2) report(messages.vethEnds(ends.map((end) => end.name)))
        const machines = [...new Set(hosts.flatMap((host) => machineOfHost(site.draft, host) ?? []))]
        if (machines.length > 1) report(messages.onOneMachine(machines))
        break
      }
      case 'host':
        reportSpan(site, driver, hosts, report)
        break
      case 'overlay':
        reportSpan(site, driver, hosts, report)
        if (network?.ends === 'direct' && (hosts.length !== 2 || ends.length !== 2))
          report(messages.directEnds(ends.map((end) => end.name)))
        if (network?.vni !== undefined) {
          const other = tunnels.get(network.vni)
          if (other !== undefined) errors.push(mistake(site, [['networks', name, 'vni']], messages.sameVni(network.vni, other)))
          tunnels.set(network.vni, name)
        }
        break
    }
  }
  return errors
}

function pathsOf(end: End): Path[] {
  return [
    [end.section, end.name, 'host'],
    [end.section, end.name, end.section === 'proxies' ? 'network' : 'networks'],
  ]
}

/** Hosts that packets of one network cross over an underlay: two at most, with a link between them. */
function reportSpan(site: Site, driver: string, hosts: readonly string[], report: (mismatch: Mismatch) => void): void {
  const [a, b] = hosts
  if (hosts.length > 2) report(messages.onTwoHosts(driver, hosts))
  else if (a !== undefined && b !== undefined && !isLinked(site, a, b)) report(messages.noLink(a, b, driver))
}

function isLinked(site: Site, a: string, b: string): boolean {
  return linksBetween(site, a, b) !== null
}

/** Indices of the fewest links that lead from one host to another; null where none do. */
export function linksBetween({ draft }: Site, a: string, b: string): readonly number[] | null {
  const way = new Map<string, readonly number[]>([[a, []]])
  const queue = [a]
  for (const at of queue) {
    if (at === b) return way.get(at)!
    draft.links?.forEach((link, index) => {
      const [x, y] = link?.between ?? []
      const other = x === at ? y : y === at ? x : undefined
      if (other === undefined || way.has(other)) return
      way.set(other, [...way.get(at)!, index])
      queue.push(other)
    })
  }
  return null
}
