/** Every name leads to a part of the file, and no two processes have one name. */

import type { Site } from '../draft.js'
import type { ExperimentError } from '../errors.js'
import type { Path } from '../located.js'
import * as messages from '../messages.js'
import { mistake, repeated } from './report.js'

type Section = 'machines' | 'hosts' | 'networks' | 'volumes' | 'containers' | 'proxies' | 'services'

const SINGULAR: Readonly<Record<Section, string>> = {
  machines: 'machine',
  hosts: 'host',
  networks: 'network',
  volumes: 'volume',
  containers: 'container',
  proxies: 'proxy',
  services: 'service',
}

export function checkNames(site: Site): readonly ExperimentError[] {
  const { draft } = site
  const errors: ExperimentError[] = []
  const known = (section: Section, name: string): boolean => draft[section] !== undefined && Object.hasOwn(draft[section], name)
  const refers = (section: Section, name: string | undefined, path: Path): void => {
    // A section that is missing has its own message, once.
    if (name === undefined || draft[section] === undefined || known(section, name)) return
    errors.push(mistake(site, [path], messages.unknownName(SINGULAR[section], name, Object.keys(draft[section] ?? {}))))
  }

  for (const [name, host] of Object.entries(draft.hosts ?? {})) refers('machines', host?.machine, ['hosts', name, 'machine'])
  draft.links?.forEach((link, i) => {
    link?.between?.forEach((host, side) => {
      refers('hosts', host, ['links', i, 'between', side])
    })
  })
  for (const [name, container] of Object.entries(draft.containers ?? {})) {
    refers('hosts', container?.host, ['containers', name, 'host'])
    container?.networks?.forEach((network, i) => {
      refers('networks', network, ['containers', name, 'networks', i])
    })
    for (const { word, index } of repeated(container?.networks ?? []))
      errors.push(mistake(site, [['containers', name, 'networks', index]], messages.networkTwice(word)))
    container?.volumes?.forEach((volume, i) => {
      refers('volumes', volume, ['containers', name, 'volumes', i])
    })
    for (const { word, index } of repeated(container?.volumes ?? []))
      errors.push(mistake(site, [['containers', name, 'volumes', index]], messages.volumeTwice(word)))
  }
  for (const [name, volume] of Object.entries(draft.volumes ?? {})) refers('hosts', volume?.host, ['volumes', name, 'host'])
  for (const [name, proxy] of Object.entries(draft.proxies ?? {})) {
    refers('hosts', proxy?.host, ['proxies', name, 'host'])
    refers('networks', proxy?.network, ['proxies', name, 'network'])
    refers('containers', proxy?.beside, ['proxies', name, 'beside'])
    const both = [
      ['proxies', name],
      ['containers', name],
    ]
    if (known('containers', name)) errors.push(mistake(site, both, messages.nameTaken(name)))
  }
  for (const [name, router] of Object.entries(draft.routers ?? {})) {
    refers('hosts', router?.host, ['routers', name, 'host'])
    router?.networks?.forEach((network, i) => {
      refers('networks', network, ['routers', name, 'networks', i])
    })
    for (const { word, index } of repeated(router?.networks ?? []))
      errors.push(mistake(site, [['routers', name, 'networks', index]], messages.networkTwice(word)))
  }
  for (const [name, service] of Object.entries(draft.services ?? {})) {
    service?.backends?.forEach((container, i) => {
      refers('containers', container, ['services', name, 'backends', i])
    })
    for (const { word, index } of repeated(service?.backends ?? []))
      errors.push(mistake(site, [['services', name, 'backends', index]], messages.backendTwice(word)))
    const both = [
      ['services', name],
      ['containers', name],
    ]
    if (known('containers', name)) errors.push(mistake(site, both, messages.serviceNameTaken(name)))
  }
  for (const [name, flow] of Object.entries(draft.flows ?? {})) {
    refers('containers', flow?.from, ['flows', name, 'from'])
    if (flow?.to === undefined || !known('services', flow.to)) refers('containers', flow?.to, ['flows', name, 'to'])
    refers('networks', flow?.network, ['flows', name, 'network'])
    refers('volumes', flow?.volume, ['flows', name, 'volume'])
    flow?.via?.forEach((proxy, i) => {
      refers('proxies', proxy, ['flows', name, 'via', i])
    })
  }
  return errors
}
