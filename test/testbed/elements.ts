/** Topologies of every element that forwards, translates or redirects, as differences from two containers on a bridge. */
import { parseExperiment } from '../../experiments/schema/index.js'
import type { Scenario } from '../../models/topology/scenario.js'

const TEXT = `# Do packets take the path?
name: elements
machines: { m1: { cores: 2 } }
hosts: { h1: { machine: m1 } }
networks: { net: { driver: bridge, subnet: 10.70.0.0/24 } }
containers:
  server: { host: h1, networks: [net] }
  client: { host: h1, networks: [net] }
flows:
  ping: { from: client, to: server, workload: { message: 64 B } }
models:
  routed: { networks: { net: { driver: routed } }, hosts: { h1: { rules: 20, conntrack: true, firewall: iptables } } }
  hops: { networks: { net: { driver: routed } }, hosts: { h2: { machine: m1, rules: 20 } }, links: [{ between: [h1, h2], hops: 2 }], containers: { server: { host: h2 } } }
  macvlan: { networks: { net: { driver: macvlan } } }
  redirect: { networks: { net: { driver: ebpf-redirect } } }
  tunnel: { networks: { net: { driver: overlay, ends: direct, mtu: 1500 } }, hosts: { h2: { machine: m1 } }, links: [{ between: [h1, h2], hops: 1 }], containers: { server: { host: h2 } }, flows: { ping: { workload: { message: 4 KiB } } } }
  published: { networks: { net: { gateway: true }, far: { driver: routed } }, hosts: { h2: { machine: m1, masquerade: true } }, links: [{ between: [h1, h2] }], containers: { server: { publish: 8080 }, client: { host: h2, networks: [far] } }, flows: { ping: { published: true } } }
  hairpin: { networks: { net: { gateway: true } }, hosts: { h1: { masquerade: true, firewall: iptables } }, containers: { server: { publish: 8080 } }, flows: { ping: { published: true } } }
  map: { networks: { net: { gateway: true }, far: { driver: routed } }, containers: { client: { networks: [far] }, second: { host: h1, networks: [net] } }, services: { web: { backends: [server, second], count: 50 } }, flows: { ping: { to: web } } }
  chain: { networks: { net: { gateway: true }, far: { driver: routed } }, hosts: { h1: { firewall: iptables } }, containers: { client: { networks: [far] }, second: { host: h1, networks: [net] } }, services: { web: { backends: [server, second], count: 50 } }, flows: { ping: { to: web } } }
  routers: { networks: { net: { driver: macvlan }, mid: { driver: ebpf-redirect }, front: { bridges: 2, driver: bridge } }, routers: { r1: { host: h1, networks: [front, mid], bridge: 2 }, r2: { host: h1, networks: [mid, net], conntrack: true, rules: 3 } }, containers: { client: { networks: [front] } }, tcp: { bridge-nf-call-iptables: true } }
`

/** One scenario a network model. @throws Error where the text above has mistakes */
export function elementScenarios(): ReadonlyMap<string, Scenario> {
  const parsed = parseExperiment(TEXT, 'elements.yaml')
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors, null, 2))
  return new Map(parsed.experiment.points.map(({ model, scenario }) => [model, scenario]))
}
