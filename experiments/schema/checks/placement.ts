/** Each process has a core that its machine has, one namespace, and a bridge that exists. */

import { machineOfHost, network, type Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import * as messages from '../messages.js'
import { isWritten, mistake } from './report.js'

export function checkPlacement(site: Site): readonly ExperimentError[] {
  const errors: ExperimentError[] = []
  for (const end of site.ends) {
    const here = [end.section, end.name]
    const machine = machineOfHost(site.draft, end.host)
    const cores = machine === undefined ? undefined : site.draft.machines?.[machine]?.cores
    if (machine !== undefined && cores !== undefined && end.core !== undefined && end.core >= cores) {
      const isDefault = !isWritten(site, [...here, 'core'])
      const paths = [
        [...here, 'core'],
        [...here, 'host'],
        ['machines', machine, 'cores'],
      ]
      errors.push(mistake(site, paths, messages.noSuchCore(cores, machine, end.core, isDefault)))
    }
    const keys = end.section === 'routers' ? undefined : site.draft[end.section]?.[end.name]
    if (keys?.['cpu-period'] !== undefined && keys['cpu-quota'] === undefined)
      errors.push(mistake(site, [[...here, 'cpu-period']], messages.periodWithoutQuota()))
    errors.push(...namespaceErrors(site, here, end.networks))
    for (const name of end.networks) {
      const { driver, bridges } = network(site.draft, name) ?? {}
      if (driver !== 'bridge' || bridges === undefined || end.bridge === undefined || end.bridge <= bridges) continue
      const paths = [
        [...here, 'bridge'],
        ['networks', name, 'bridges'],
      ]
      errors.push(mistake(site, paths, messages.noSuchBridge(bridges, name, end.bridge)))
    }
  }
  return errors
}

/** `shared` puts a container into a pod's namespace, `host` into its host's: a container lives in one namespace only. */
function namespaceErrors(site: Site, here: readonly string[], networks: readonly string[]): readonly ExperimentError[] {
  const driver = (name: string) => network(site.draft, name)?.driver
  const placing = networks.filter((name) => driver(name) === 'shared' || driver(name) === 'host')
  const [first, second] = placing
  if (first === undefined) return []
  const paths = (name: string) => [
    [...here, here[0] === 'proxies' ? 'network' : 'networks'],
    ['networks', name, 'driver'],
  ]
  if (second !== undefined) return [mistake(site, paths(second), messages.twoNamespaces(first, second))]
  const other = networks.find((name) => name !== first)
  if (driver(first) === 'host' && other !== undefined) return [mistake(site, paths(first), messages.hostNamespaceAndMore(first, other))]
  return []
}
