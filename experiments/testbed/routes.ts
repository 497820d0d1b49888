import type { Layout } from '../../models/topology/layout.js'
import { deviceName } from './kernel-names.js'

/** The commands that fill the routing tables; a route to a pair's other end comes before those that lead over it. */
export function addRoutes(layout: Layout, kernelName: (namespace: string) => string): string[][] {
  return layout.routes.map(({ namespace, destination, device, via }) => [
    ...['ip', '-n', kernelName(namespace), 'route', 'add', destination],
    ...(via === undefined ? ['scope', 'link'] : ['via', via]),
    ...['dev', deviceName(device)],
  ])
}
