/** Mistakes on purpose, and every line that the command prints for each. */
export interface Mistaken {
  readonly what: string
  /** Parts of the small experiment that are replaced. */
  readonly changes: readonly (readonly [string, string])[]
  readonly printed: readonly string[]
}

export const MISTAKES: Readonly<Record<string, readonly Mistaken[]>> = {
  keys: [
    {
      what: 'items whose key has been lost, at the first of them',
      changes: [['flows:', 'models:\n  a:\n      near: 1\n      far: 2\n    tcp: {}\nflows:']],
      printed: ['small.yaml:11:7  expected valid YAML, got a syntax error (All mapping items must start at the same column)'],
    },
    {
      what: 'an item that has slipped to the left, where it stands',
      changes: [['flows:', 'models:\n  a:\n    tcp: {}\n    proxies: {}\n   hosts: {}\nflows:']],
      printed: ['small.yaml:13:1  expected valid YAML, got a syntax error (All mapping items must start at the same column)'],
    },
  ],
  streams: [
    {
      what: 'sizes of a stream for messages that are answered, and a message that has no size',
      changes: [['{ message: 64 B }', '{ write: 8 KiB }']],
      printed: [
        'small.yaml:10:47  flows.ping.workload.message: expected a size such as "64 B" or "4 KiB", got nothing',
        'small.yaml:10:56  flows.ping.workload.write: expected no write (kind: stream has one), got one',
      ],
    },
    {
      what: 'a stream of messages at a rate',
      changes: [['{ message: 64 B }', '{ kind: stream, message: 64 B, rate: 20k/s }']],
      printed: [
        'small.yaml:10:47  flows.ping.workload.write: expected a size such as "128 KiB" (kind: stream), got nothing',
        'small.yaml:10:72  flows.ping.workload.message: expected no message (kind: stream has write and read), got one',
        'small.yaml:10:84  flows.ping.workload.rate: expected no rate (kind: stream has write and read), got one',
      ],
    },
    {
      what: 'a stream of datagrams',
      changes: [['{ message: 64 B }', '{ kind: stream, write: 8 KiB }, transport: udp']],
      printed: ['small.yaml:10:90  flows.ping.transport: expected tcp (kind: stream), got "udp"'],
    },
  ],
  starts: [
    {
      what: 'a number of starts for who starts nothing',
      changes: [['{ message: 64 B }', '{ message: 64 B, at-once: 2 }']],
      printed: ['small.yaml:10:73  flows.ping.workload.at-once: expected no at-once (kind: start has one), got one'],
    },
    {
      what: 'a rate of starts',
      changes: [['{ message: 64 B }', '{ kind: start, message: 64 B, rate: 20k/s }']],
      printed: ['small.yaml:10:83  flows.ping.workload.rate: expected no rate (kind: open-loop has one), got one'],
    },
    {
      what: 'starts over a network that is no bridge',
      changes: [
        ['{ message: 64 B }', '{ kind: start, message: 64 B }'],
        ['driver: bridge', 'driver: macvlan'],
      ],
      printed: ['small.yaml:5:28  networks.net.driver: expected a network of driver bridge (kind: start), got macvlan'],
    },
    {
      what: 'starts over a chain of bridges',
      changes: [
        ['{ message: 64 B }', '{ kind: start, message: 64 B }'],
        ['driver: bridge', 'driver: bridge, bridges: 2'],
      ],
      printed: ['small.yaml:5:45  networks.net.bridges: expected one bridge (kind: start), got a chain of 2'],
    },
    {
      what: 'starts over UDP',
      changes: [
        ['{ message: 64 B }', '{ kind: start, message: 64 B }'],
        ['to: server,', 'to: server, transport: udp,'],
      ],
      printed: ['small.yaml:10:48  flows.ping.transport: expected transport tcp (kind: start), got udp'],
    },
    {
      what: 'starts beside another flow, with a quota',
      changes: [
        ['{ message: 64 B }', '{ kind: start, message: 64 B } }\n  pong: { from: client, to: server, workload: { message: 64 B }'],
        ['client: { host: h1,', 'client: { host: h1, cpu-quota: 5 ms,'],
      ],
      printed: [
        'small.yaml:8:34  containers.client.cpu-quota: expected containers without a quota (kind: start), got one',
        'small.yaml:10:9  flows.ping: expected the only flow of the experiment (kind: start), got 2 flows',
      ],
    },
    {
      what: 'more starts than the network has addresses for, and a first message of two segments',
      changes: [
        ['{ message: 64 B }', '{ kind: start, message: 4 KiB, at-once: 4 }'],
        ['10.70.0.0/24', '10.70.0.0/29'],
      ],
      printed: [
        'small.yaml:10:71  flows.ping.workload.message: expected a first message of one segment, at most 1448 B (kind: start), got 4 KiB',
        'small.yaml:10:87  flows.ping.workload.at-once: expected at most 3 at once (the addresses that 10.70.0.0/29 has left), got 4',
      ],
    },
  ],
  connections: [
    {
      what: 'connections over UDP',
      changes: [
        ['{ message: 64 B }', '{ kind: connect, message: 64 B }'],
        ['to: server,', 'to: server, transport: udp,'],
      ],
      printed: ['small.yaml:10:48  flows.ping.transport: expected transport tcp (kind: connect), got udp'],
    },
    {
      what: 'connections beside another flow, at a rate',
      changes: [
        [
          '{ message: 64 B }',
          '{ kind: connect, message: 64 B, rate: 2k/s } }\n  pong: { from: client, to: server, workload: { message: 64 B }',
        ],
      ],
      printed: [
        'small.yaml:10:9  flows.ping: expected the only flow of the experiment (kind: connect), got 2 flows',
        'small.yaml:10:85  flows.ping.workload.rate: expected no rate (kind: open-loop has one), got one',
      ],
    },
    {
      what: 'connections to a service',
      changes: [
        ['{ message: 64 B }', '{ kind: connect, message: 64 B }'],
        ['to: server,', 'to: web,'],
        ['flows:', 'routers: { r: { host: h1, networks: [net] } }\nservices: { web: { backends: [server] } }\nflows:'],
      ],
      printed: ['small.yaml:12:29  flows.ping.to: expected a container as the server (kind: connect), got service web'],
    },
    {
      what: 'a relay at layer 4 that asks who somebody is',
      changes: [['flows:', 'proxies: { relay: { host: h1, network: net, kind: tcp, authentication: password } }\nflows:']],
      printed: ['small.yaml:9:72  proxies.relay.authentication: expected no authentication (kind: socks5 has one), got one'],
    },
  ],
  http: [
    {
      what: 'requests over UDP, at a rate',
      changes: [
        ['{ message: 64 B }', '{ kind: http, message: 64 B, rate: 2k/s }'],
        ['to: server,', 'to: server, transport: udp,'],
      ],
      printed: [
        'small.yaml:10:48  flows.ping.transport: expected transport tcp (kind: http), got udp',
        'small.yaml:10:98  flows.ping.workload.rate: expected no rate (kind: open-loop has one), got one',
      ],
    },
    {
      what: 'requests through a SOCKS5 proxy',
      changes: [
        ['{ message: 64 B }', '{ kind: http, message: 64 B }'],
        ['to: server,', 'to: server, via: [relay],'],
        ['flows:', 'proxies: { relay: { host: h1, network: net } }\nflows:'],
      ],
      printed: ['small.yaml:11:43  flows.ping.via[0]: expected relays of kind tcp or http (kind: http), got relay (socks5)'],
    },
    {
      what: 'other messages through a relay at layer 7, by a program that speaks no HTTP, with a password',
      changes: [
        ['to: server,', 'to: server, via: [relay],'],
        ['flows:', 'proxies: { relay: { kind: http, program: socat, authentication: password, host: h1, network: net } }\nflows:'],
      ],
      printed: [
        'small.yaml:9:42  proxies.relay.program: expected a program of kind http: haproxy or nginx, got socat',
        'small.yaml:9:65  proxies.relay.authentication: expected no authentication (kind: socks5 has one), got one',
        'small.yaml:11:43  flows.ping.via[0]: expected a workload of kind http through a relay at layer 7, got ping-pong via relay (http)',
      ],
    },
  ],
  volumes: [
    {
      what: 'a volume on an unknown host',
      changes: [['containers:', 'volumes: { run: { host: h2 } }\ncontainers:']],
      printed: ['small.yaml:6:25  volumes.run.host: expected the name of a host (h1), got "h2" (did you mean "h1"?)'],
    },
    {
      what: 'a mount of an unknown volume, and one twice',
      changes: [
        ['containers:', 'volumes: { run: { host: h1 } }\ncontainers:'],
        ['server: { host: h1', 'server: { host: h1, volumes: [run, rum, run]'],
      ],
      printed: [
        'small.yaml:8:38  containers.server.volumes[1]: expected the name of a volume (run), got "rum" (did you mean "run"?)',
        'small.yaml:8:43  containers.server.volumes[2]: expected each volume once, got "run" a second time',
      ],
    },
    {
      what: 'a mount of a volume of another host',
      changes: [
        ['hosts: { h1: { machine: m1 }', 'hosts: { h1: { machine: m1 }, h2: { machine: m1 }'],
        ['containers:', 'volumes: { run: { host: h2 } }\ncontainers:'],
        ['server: { host: h1', 'server: { host: h1, volumes: [run]'],
      ],
      printed: [
        'small.yaml:8:33  containers.server.volumes[0]: expected a volume of host h1, where server runs, got "run", a folder of host h2',
      ],
    },
    {
      what: 'a Unix-domain socket without a volume that both ends mount',
      changes: [
        ['containers:', 'volumes: { run: { host: h1 } }\ncontainers:'],
        ['server: { host: h1', 'server: { host: h1, volumes: [run]'],
        ['to: server', 'to: server, transport: unix-stream'],
      ],
      printed: [
        'small.yaml:11:29  flows.ping.to: expected a container that shares a volume with client (which mounts none), got server (run)',
      ],
    },
    {
      what: 'a volume that one end does not mount',
      changes: [
        ['containers:', 'volumes: { run: { host: h1 }, data: { host: h1 } }\ncontainers:'],
        ['server: { host: h1', 'server: { host: h1, volumes: [run, data]'],
        ['client: { host: h1', 'client: { host: h1, volumes: [run]'],
        ['to: server', 'to: server, transport: unix-stream, volume: data'],
      ],
      printed: ['small.yaml:11:69  flows.ping.volume: expected a volume that client mounts (run), got "data"'],
    },
    {
      what: 'two volumes to choose from',
      changes: [
        ['containers:', 'volumes: { run: { host: h1 }, data: { host: h1 } }\ncontainers:'],
        ['server: { host: h1', 'server: { host: h1, volumes: [run, data]'],
        ['client: { host: h1', 'client: { host: h1, volumes: [run, data]'],
        ['to: server', 'to: server, transport: unix-stream'],
      ],
      printed: ['small.yaml:11:9  flows.ping.volume: expected the name of a volume (run or data), got nothing'],
    },
    {
      what: 'what a Unix-domain socket has no use for, all at once',
      changes: [
        ['containers:', 'volumes: { run: { host: h1 } }\ncontainers:'],
        ['server: { host: h1', 'server: { host: h1, volumes: [run]'],
        ['client: { host: h1', 'client: { host: h1, volumes: [run]'],
        ['flows:', 'proxies: { relay: { host: h1, network: net } }\nflows:'],
        ['to: server', 'to: server, transport: unix-datagram, via: [relay], network: net, published: true'],
        ['64 B', '300 KiB'],
      ],
      printed: [
        'small.yaml:12:68  flows.ping.via: expected transport: tcp for a flow through proxies (none here relays Unix-domain sockets), got unix-datagram via relay',
        'small.yaml:12:86  flows.ping.network: expected no network for unix-datagram (its socket stands in a volume), got "net"',
        'small.yaml:12:102  flows.ping.published: expected published: false for unix-datagram (its socket has no port), got true',
        'small.yaml:12:129  flows.ping.workload.message: expected at most 212960 B in a datagram (the socket buffer less 32), got 300 KiB',
      ],
    },
    {
      what: 'a volume for packets',
      changes: [
        ['containers:', 'volumes: { run: { host: h1 } }\ncontainers:'],
        ['to: server', 'to: server, volume: run'],
      ],
      printed: ['small.yaml:11:45  flows.ping.volume: expected a volume for transport unix-stream or unix-datagram only, got one for tcp'],
    },
    {
      what: 'half of a transport',
      changes: [['to: server', 'to: server, transport: unix']],
      printed: [
        'small.yaml:10:48  flows.ping.transport: expected tcp, udp, unix-stream or unix-datagram, got "unix" (unix-stream or unix-datagram)',
      ],
    },
  ],
  names: [
    {
      what: 'a router on an unknown network',
      changes: [['flows:', 'routers: { r1: { host: h1, networks: [net, nett] } }\nflows:']],
      printed: ['small.yaml:9:44  routers.r1.networks[1]: expected the name of a network (net), got "nett" (did you mean "net"?)'],
    },
    {
      what: 'a service with an unknown backend',
      changes: [['flows:', 'services: { web: { backends: [servr] } }\nflows:']],
      printed: [
        'small.yaml:9:31  services.web.backends[0]: expected the name of a container (server or client), got "servr" (did you mean "server"?)',
      ],
    },
    {
      what: 'a service and a container of one name',
      changes: [['flows:', 'services: { server: { backends: [server] } }\nflows:']],
      printed: [
        'small.yaml:9:21  services.server: expected a name of its own (a flow goes to a container or to a service), got "server", which is also a container',
      ],
    },
    {
      what: 'a port that two containers publish',
      changes: [
        ['driver: bridge', 'driver: bridge, gateway: true'],
        ['server: { host: h1', 'server: { host: h1, publish: 8080'],
        ['client: { host: h1', 'client: { host: h1, publish: 8080'],
      ],
      printed: [
        'small.yaml:8:32  containers.client.publish: expected a port of host h1 that nobody else publishes, got 8080, which server publishes',
      ],
    },
    {
      what: 'a network that an engine has no plugin for',
      changes: [
        ['driver: bridge', 'driver: overlay'],
        ['flows:', 'engine: cni\nflows:'],
      ],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected what engine cni builds: bridge, routed, macvlan, shared, host, none, got driver overlay',
      ],
    },
    {
      what: 'rules beside those of an engine',
      changes: [
        ['hosts: { h1: { machine: m1', 'hosts: { h1: { machine: m1, rules: 3'],
        ['flows:', 'engine: podman\nflows:'],
      ],
      printed: ["small.yaml:4:36  hosts.h1.rules: expected what engine podman builds: the engine's own rules, got rules of a host"],
    },
    {
      what: 'a filter without an engine',
      changes: [['client: { host: h1', 'client: { host: h1, seccomp: engine']],
      printed: [
        'small.yaml:8:32  containers.client.seccomp: expected a seccomp filter in containers of engine podman only, got seccomp: engine under another engine',
      ],
    },
    {
      what: 'rules of a filter without their number',
      changes: [
        ['client: { host: h1', 'client: { host: h1, seccomp: rules'],
        ['flows:', 'engine: podman\nflows:'],
      ],
      printed: [
        'small.yaml:8:11  containers.client.seccomp-rules: expected seccomp: rules and a number of seccomp-rules, both or none, got one of them',
      ],
    },
    {
      what: 'a program that speaks another protocol',
      changes: [['flows:', 'proxies: { relay: { kind: tcp, program: dante, host: h1, network: net } }\nflows:']],
      printed: ['small.yaml:9:41  proxies.relay.program: expected a program of kind tcp: haproxy or nginx or socat, got dante'],
    },
    {
      what: 'a sidecar on a network of which its container is none',
      changes: [
        ['networks: {', 'networks: { other: { driver: bridge, subnet: 10.99.0.0/24 }, '],
        ['flows:', 'proxies: { relay: { host: h1, network: other, beside: client } }\nflows:'],
      ],
      printed: ['small.yaml:9:40  proxies.relay.network: expected a network of client, whose namespace the proxy shares, got other'],
    },
    {
      what: 'a flow to a port that nobody publishes',
      changes: [
        ['driver: bridge', 'driver: bridge, gateway: true'],
        ['to: server,', 'to: server, published: true,'],
      ],
      printed: [
        'small.yaml:10:48  flows.ping.published: expected a container that publishes a port (containers.server.publish), got server, which publishes none',
      ],
    },
    {
      what: 'a port of the own host without masquerade (hairpin)',
      changes: [
        ['driver: bridge', 'driver: bridge, gateway: true'],
        ['server: { host: h1', 'server: { host: h1, publish: 8080'],
        ['to: server,', 'to: server, published: true,'],
      ],
      printed: [
        'small.yaml:10:29  flows.ping.to: expected ends that packets can travel between, got answers from client to server (10.70.0.1) come back from 10.70.0.2: nothing on their way translates them',
      ],
    },
    {
      what: 'a flow to a network that nothing routes to',
      changes: [
        ['driver: bridge, subnet: 10.70.0.0/24 }', 'driver: bridge, gateway: true, subnet: 10.70.0.0/24 }, far: { driver: bridge }'],
        ['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [far]'],
      ],
      printed: [
        'small.yaml:10:29  flows.ping.to: expected ends that packets can travel between, got no route from client to server (10.70.1.2)',
      ],
    },
    {
      what: 'a host on an unknown machine',
      changes: [['machine: m1', 'machine: m2']],
      printed: ['small.yaml:4:25  hosts.h1.machine: expected the name of a machine (m1), got "m2" (did you mean "m1"?)'],
    },
    {
      what: 'a container on an unknown host',
      changes: [['server: { host: h1', 'server: { host: h11']],
      printed: ['small.yaml:7:19  containers.server.host: expected the name of a host (h1), got "h11" (did you mean "h1"?)'],
    },
    {
      what: 'a container on an unknown network',
      changes: [['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [nett]']],
      printed: ['small.yaml:7:34  containers.server.networks[0]: expected the name of a network (net), got "nett" (did you mean "net"?)'],
    },
    {
      what: 'a flow to an unknown container',
      changes: [['to: server', 'to: servre']],
      printed: [
        'small.yaml:10:29  flows.ping.to: expected the name of a container (server or client), got "servre" (did you mean "server"?)',
      ],
    },
    {
      what: 'a flow through an unknown proxy',
      changes: [['to: server,', 'to: server, via: [relay],']],
      printed: ['small.yaml:10:43  flows.ping.via[0]: expected the name of a proxy (there is none), got "relay"'],
    },
    {
      what: 'a flow over an unknown network',
      changes: [['to: server,', 'to: server, network: web,']],
      printed: ['small.yaml:10:46  flows.ping.network: expected the name of a network (net), got "web"'],
    },
    {
      what: 'a proxy on an unknown network',
      changes: [['flows:', 'proxies: { relay: { host: h1, network: nat } }\nflows:']],
      printed: ['small.yaml:9:40  proxies.relay.network: expected the name of a network (net), got "nat" (did you mean "net"?)'],
    },
    {
      what: 'a link to an unknown host',
      changes: [['networks: {', 'links: [{ between: [h1, h2] }]\nnetworks: {']],
      printed: ['small.yaml:5:25  links[0].between[1]: expected the name of a host (h1), got "h2" (did you mean "h1"?)'],
    },
    {
      what: 'a container and a proxy of one name',
      changes: [['flows:', 'proxies: { server: { host: h1, network: net } }\nflows:']],
      printed: [
        'small.yaml:9:20  proxies.server: expected a name of its own (a container and a proxy are both processes), got "server", which is also a container',
      ],
    },
    {
      what: 'a network that a container joins twice',
      changes: [['client: { host: h1, networks: [net]', 'client: { host: h1, networks: [net, net]']],
      printed: ['small.yaml:8:39  containers.client.networks[1]: expected each network once, got "net" a second time'],
    },
    {
      what: 'a name with a dot',
      changes: [['  ping:', '  ping.pong:']],
      printed: ['small.yaml:10:3  flows.ping.pong: expected a name: a letter, then up to 23 letters, digits, "-" or "_", got "ping.pong"'],
    },
    {
      what: 'a name that is a word of every JavaScript object',
      changes: [
        ['m1: { cores', 'constructor: { cores'],
        ['machine: m1', 'machine: constructor'],
      ],
      printed: [
        'small.yaml:3:13  machines.constructor: expected a name: a letter, then up to 23 letters, digits, "-" or "_", got "constructor"',
        'small.yaml:4:25  hosts.h1.machine: expected the name of a machine (there is none), got "constructor"',
      ],
    },
    {
      what: 'an unknown model in the sweep',
      changes: [['flows:', 'models: { bridge: {}, veth: {} }\nsweep: { model: [bridge, vet] }\nflows:']],
      printed: [
        'small.yaml:10:26  sweep.model[1]: expected the name of a network model (bridge or veth), got "vet" (did you mean "veth"?)',
      ],
    },
    {
      what: 'an unknown baseline',
      changes: [['flows:', 'models: { bridge: {} }\nbaseline: bridges\nflows:']],
      printed: ['small.yaml:10:11  baseline: expected the name of a network model (bridge), got "bridges" (did you mean "bridge"?)'],
    },
    {
      what: 'a baseline that the sweep leaves out',
      changes: [['flows:', 'models: { a: {}, b: {} }\nsweep: { model: [a] }\nbaseline: b\nflows:']],
      printed: ['small.yaml:11:11  baseline: expected a network model that the sweep visits (a), got "b"'],
    },
  ],
  'keys and values': [
    {
      what: 'an unknown key at the top',
      changes: [['flows:', 'netwroks: {}\nflows:']],
      printed: [
        'small.yaml:9:1  netwroks: expected one of the keys name, extends, profile, engine, machines, hosts, links, networks, routers, volumes, containers, services, proxies, tcp, flows, models, sweep, stop, seed, baseline or report, got "netwroks" (did you mean "networks"?)',
      ],
    },
    {
      what: 'an unknown key deep inside',
      changes: [['cores: 2', 'cores: 2, idel: never']],
      printed: ['small.yaml:3:29  machines.m1.idel: expected one of the keys cores or idle, got "idel" (did you mean "idle"?)'],
    },
    {
      what: 'a key that stands twice',
      changes: [['flows:', 'name: other\nflows:']],
      printed: ['small.yaml:9:1  name: expected each key once, got "name" a second time'],
    },
    {
      what: 'a key that is missing',
      changes: [['from: client, ', '']],
      printed: ['small.yaml:10:9  flows.ping.from: expected the name of a container, got nothing'],
    },
    {
      what: 'a section that is missing',
      changes: [['hosts: { h1: { machine: m1 } }\n', '']],
      printed: ['small.yaml:2:1  hosts: expected a mapping from names to values, got nothing'],
    },
    {
      what: 'a mapping where a list belongs',
      changes: [['server: { host: h1, networks: [net]', 'server: { host: h1, networks: net']],
      printed: ['small.yaml:7:33  containers.server.networks: expected a list, got "net"'],
    },
    {
      what: 'a value where a mapping belongs',
      changes: [['workload: { message: 64 B }', 'workload: 64 B']],
      printed: ['small.yaml:10:47  flows.ping.workload: expected a mapping with kind, message, rate, arrivals, at-once, write, got "64 B"'],
    },
    {
      what: 'a key of another kind of word',
      changes: [['driver: bridge', 'driver: brige']],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected shared, host, none, bridge, veth, routed, macvlan, ebpf-redirect or overlay, got "brige" (did you mean "bridge"?)',
      ],
    },
    {
      what: 'a workload that is not built yet',
      changes: [['{ message: 64 B }', '{ kind: closed-loop, message: 64 B }']],
      printed: [
        'small.yaml:10:55  flows.ping.workload.kind: expected ping-pong, open-loop, start, connect, stream or http, got "closed-loop" (not built yet)',
      ],
    },
    {
      what: 'an open loop without a rate',
      changes: [
        ['{ message: 64 B }', '{ kind: open-loop, message: 64 B }'],
        ['client: { host: h1,', 'client: { host: h1, core: 0,'],
      ],
      printed: ['small.yaml:10:47  flows.ping.workload.rate: expected a rate such as "20k/s" (kind: open-loop), got nothing'],
    },
    {
      what: 'a rate of bits where messages are counted',
      changes: [
        ['{ message: 64 B }', '{ kind: open-loop, message: 64 B, rate: 20 kbit/s }'],
        ['client: { host: h1,', 'client: { host: h1, core: 0,'],
      ],
      printed: ['small.yaml:10:87  flows.ping.workload.rate: expected a rate such as "20k/s", got "20 kbit/s" (a rate in bits)'],
    },
    {
      what: 'an open loop whose client shares its core',
      changes: [['{ message: 64 B }', '{ kind: open-loop, message: 64 B, rate: 20k/s }']],
      printed: [
        'small.yaml:8:11  containers.client.core: expected a core of its own for client (the client of an open loop spins), got core 1, which server uses as well',
      ],
    },
    {
      what: 'a rate for who waits for replies',
      changes: [['{ message: 64 B }', '{ message: 64 B, rate: 20k/s, arrivals: constant }']],
      printed: [
        'small.yaml:10:70  flows.ping.workload.rate: expected no rate (kind: open-loop has one), got one',
        'small.yaml:10:87  flows.ping.workload.arrivals: expected no arrivals (kind: open-loop has one), got one',
      ],
    },
    {
      what: 'a congestion control that is not modelled yet',
      changes: [['flows:', 'tcp: { congestion-control: bbr }\nflows:']],
      printed: ['small.yaml:9:28  tcp.congestion-control: expected cubic or reno, got "bbr" (not modelled yet)'],
    },
    {
      what: 'yes for true',
      changes: [['flows:', 'tcp: { offloads: yes }\nflows:']],
      printed: ['small.yaml:9:18  tcp.offloads: expected true or false, got "yes" (did you mean "true"?)'],
    },
    {
      what: 'a whole number in quotes',
      changes: [['cores: 2', 'cores: "2"']],
      printed: ['small.yaml:3:26  machines.m1.cores: expected a whole number from 1 to 1024, got "2" (text: a number has no quotes)'],
    },
    {
      what: 'a number out of range',
      changes: [['cores: 2', 'cores: 0']],
      printed: ['small.yaml:3:26  machines.m1.cores: expected a whole number from 1 to 1024, got 0'],
    },
    {
      what: 'no flow at all',
      changes: [['flows:\n  ping: { from: client, to: server, workload: { message: 64 B } }', 'flows: {}']],
      printed: ['small.yaml:9:8  flows: expected at least one flow, got none'],
    },
    {
      what: 'a figure that nobody draws',
      changes: [['flows:', 'report: [latency-by-sice]\nflows:']],
      printed: [
        'small.yaml:9:10  report[0]: expected latency-by-size, latency-cdf, latency-tail, latency-load, throughput, stage-breakdown, stage-waterfall, processor-time, timeline, validation, residuals, ranks, published or sensitivity, got "latency-by-sice" (did you mean "latency-by-size"?)',
      ],
    },
  ],
  units: [
    {
      what: 'a duration for a size',
      changes: [['64 B', '10 us']],
      printed: ['small.yaml:10:58  flows.ping.workload.message: expected a size such as "64 B" or "4 KiB", got "10 us" (a duration)'],
    },
    {
      what: 'a size without a unit',
      changes: [['64 B', '64']],
      printed: [
        'small.yaml:10:58  flows.ping.workload.message: expected a size such as "64 B" or "4 KiB", got 64 (no unit) (did you mean "64 B"?)',
      ],
    },
    {
      what: 'a unit that nobody knows',
      changes: [['64 B', '64 kb']],
      printed: [
        'small.yaml:10:58  flows.ping.workload.message: expected a size such as "64 B" or "4 KiB", got "64 kb" (an unknown unit) (did you mean "64 kB"?)',
      ],
    },
    {
      what: 'half a byte',
      changes: [['64 B', '64.5 B']],
      printed: [
        'small.yaml:10:58  flows.ping.workload.message: expected a size such as "64 B" or "4 KiB" that is a whole number of bytes, got "64.5 B"',
      ],
    },
    {
      what: 'a message of nothing',
      changes: [['64 B', '0 B']],
      printed: ['small.yaml:10:58  flows.ping.workload.message: expected a size from 14 B to 1048575 B, got "0 B"'],
    },
    {
      what: 'a message below the header of sockperf',
      changes: [['64 B', '13 B']],
      printed: ['small.yaml:10:58  flows.ping.workload.message: expected a size from 14 B to 1048575 B, got "13 B"'],
    },
    {
      what: 'a message beyond what TCP is measured with',
      changes: [['64 B', '1 MiB']],
      printed: ['small.yaml:10:58  flows.ping.workload.message: expected a size from 14 B to 1048575 B, got "1 MiB"'],
    },
    {
      what: 'a message beyond a datagram',
      changes: [['to: server, workload: { message: 64 B', 'to: server, transport: udp, workload: { message: 64 KiB']],
      printed: [
        'small.yaml:10:74  flows.ping.workload.message: expected at most 65507 B over UDP (65535 minus the IPv4 and UDP headers), got 64 KiB',
      ],
    },
    {
      what: 'a size for a rate',
      changes: [['networks: {', 'links: [{ between: [h1, h1], kind: physical, rate: 1 GiB, delay: 10 us }]\nnetworks: {']],
      printed: [
        'small.yaml:5:25  links[0].between[1]: expected two different hosts, got "h1" twice',
        'small.yaml:5:52  links[0].rate: expected a rate such as "1 Gbit/s", got "1 GiB" (a size)',
      ],
    },
    {
      what: 'a rate of messages for a rate of bits',
      changes: [['hosts: {', 'links: [{ between: [h1, h2], kind: physical, rate: 20k/s, delay: 10 us }]\nhosts: { h2: { machine: m1 },']],
      printed: ['small.yaml:4:52  links[0].rate: expected a rate such as "1 Gbit/s", got "20k/s" (a rate of messages)'],
    },
    {
      what: 'an MTU below the least of IPv4',
      changes: [['driver: bridge', 'driver: bridge, mtu: 67']],
      printed: ['small.yaml:5:41  networks.net.mtu: expected a number of bytes from 68 B to 64 KiB, got 67'],
    },
    {
      what: 'an MTU beyond a device',
      changes: [['driver: bridge', 'driver: bridge, mtu: 65536']],
      printed: ['small.yaml:5:41  networks.net.mtu: expected at most 65535 for the devices of driver bridge, got 65536'],
    },
    {
      what: 'a half-width of no statistic',
      changes: [['flows:', 'stop: { half-width: 2 % of p51 }\nflows:']],
      printed: ['small.yaml:9:21  stop.half-width: expected a share of a statistic such as "2 % of p50", got "2 % of p51"'],
    },
    {
      what: 'fewer replications at most than at least',
      changes: [['flows:', 'stop: { replications: 20, at-most: 10 }\nflows:']],
      printed: ['small.yaml:9:36  stop.at-most: expected at least stop.replications (20), got 10'],
    },
  ],
  placement: [
    {
      what: 'a core that the machine does not have',
      changes: [['server: { host: h1,', 'server: { host: h1, core: 2,']],
      printed: ['small.yaml:7:29  containers.server.core: expected a core from 0 to 1 (machine m1 has 2 cores), got 2'],
    },
    {
      what: 'a default core that the machine does not have',
      changes: [
        ['cores: 2', 'cores: 1'],
        ['client: { host: h1,', 'client: { host: h1, core: 0,'],
      ],
      printed: ['small.yaml:7:11  containers.server.core: expected core 0 (machine m1 has 1 core), got core 1 (the default)'],
    },
    {
      what: 'a bridge beyond the chain',
      changes: [
        ['driver: bridge', 'driver: bridge, bridges: 2'],
        ['server: { host: h1,', 'server: { host: h1, bridge: 3,'],
      ],
      printed: ['small.yaml:7:31  containers.server.bridge: expected a bridge from 1 to 2 (the chain of network net), got 3'],
    },
    {
      what: 'a container in two shared namespaces',
      changes: [
        ['{ net: {', '{ p: { driver: shared }, q: { driver: shared }, net: {'],
        ['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [net, p, q]'],
      ],
      printed: [
        'small.yaml:7:33  containers.server.networks: expected one namespace for each container (network p already puts it into one that others share), got network q, which puts it into another',
      ],
    },
    {
      what: "a container in its host's namespace and on a bridge",
      changes: [
        ['{ net: {', '{ own: { driver: host }, net: {'],
        ['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [net, own]'],
      ],
      printed: [
        'small.yaml:7:33  containers.server.networks: expected no other network beside own (its containers live in their host\'s namespace), got "net"',
      ],
    },
  ],
  'networks and links': [
    {
      what: 'a veth network with three ends',
      changes: [
        ['driver: bridge', 'driver: veth'],
        ['flows:', '  third: { host: h1, networks: [net] }\nflows:'],
      ],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected exactly two containers or proxies on a veth network, got 3 (server, client, third)',
      ],
    },
    {
      what: 'a bridge across two hosts',
      changes: [
        ['{ h1:', '{ h2: { machine: m1 }, h1:'],
        ['server: { host: h1', 'server: { host: h2'],
      ],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected containers and proxies of one host on a network with driver bridge, got hosts h2 and h1',
      ],
    },
    {
      what: 'an overlay between hosts without a link',
      changes: [
        ['driver: bridge', 'driver: overlay'],
        ['{ h1:', '{ h2: { machine: m1 }, h1:'],
        ['server: { host: h1', 'server: { host: h2'],
      ],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected a link between hosts h2 and h1, which network driver overlay joins, got none',
      ],
    },
    {
      what: 'an overlay without bridges on one host',
      changes: [['driver: bridge', 'driver: overlay, ends: direct']],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected one container or proxy on each of two hosts (ends: direct puts the VXLAN device into the container), got server, client',
      ],
    },
    {
      what: 'two tunnels of one identifier',
      changes: [['{ net: {', '{ a: { driver: overlay }, b: { driver: overlay }, net: {']],
      printed: [
        'small.yaml:5:40  networks.b.vni: expected a VXLAN identifier of its own, got 1, which network a has',
        'small.yaml:5:92  networks.net.subnet: expected a prefix that does not overlap 10.70.0.0/24 of a, got "10.70.0.0/24"',
      ],
    },
    {
      what: 'a macvlan across hosts',
      changes: [
        ['driver: bridge', 'driver: macvlan'],
        ['{ h1: { machine: m1 } }', '{ h2: { machine: m1 }, h1: { machine: m1 } }'],
        ['server: { host: h1', 'server: { host: h2'],
      ],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected containers and proxies of one host on a network with driver macvlan, got hosts h2 and h1',
      ],
    },
    {
      what: 'a gateway without a bridge',
      changes: [['driver: bridge', 'driver: macvlan, gateway: true']],
      printed: [
        'small.yaml:5:46  networks.net.gateway: expected a gateway on a network with driver bridge only, got one with driver macvlan',
      ],
    },
    {
      what: 'routed containers on hosts that no link joins',
      changes: [
        ['driver: bridge', 'driver: routed'],
        ['{ h1: { machine: m1 } }', '{ h2: { machine: m1 }, h1: { machine: m1 } }'],
        ['server: { host: h1', 'server: { host: h2'],
      ],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected a link between hosts h2 and h1, which network driver routed joins, got none',
      ],
    },
    {
      what: 'hops on a physical cable',
      changes: [
        [
          '{ h1: { machine: m1 } }',
          '{ h2: { machine: m1 }, h1: { machine: m1 } }\nlinks: [{ between: [h1, h2], kind: physical, rate: 1 Gbit/s, delay: 1 us, hops: 2 }]',
        ],
      ],
      printed: ['small.yaml:5:81  links[0].hops: expected no hops on a cable between network cards (kind: physical), got some'],
    },
    {
      what: 'a veth link between machines',
      changes: [
        ['{ m1: { cores: 2 } }', '{ m1: { cores: 2 }, m2: { cores: 2 } }'],
        ['{ h1: { machine: m1 } }', '{ h2: { machine: m2 }, h1: { machine: m1 } }\nlinks: [{ between: [h1, h2] }]'],
      ],
      printed: [
        'small.yaml:5:9  links[0].kind: expected kind: physical between machines m1 and m2 (a veth pair joins namespaces of one machine), got "veth" (did you mean "physical"?)',
      ],
    },
    {
      what: 'a physical link without rate and delay',
      changes: [
        ['{ h1: { machine: m1 } }', '{ h2: { machine: m1 }, h1: { machine: m1 } }\nlinks: [{ between: [h1, h2], kind: physical }]'],
      ],
      printed: [
        'small.yaml:5:9  links[0].delay: expected a duration such as "10 us" (kind: physical), got nothing',
        'small.yaml:5:9  links[0].rate: expected a rate such as "1 Gbit/s" (kind: physical), got nothing',
      ],
    },
    {
      what: 'a veth link with a rate',
      changes: [
        ['{ h1: { machine: m1 } }', '{ h2: { machine: m1 }, h1: { machine: m1 } }\nlinks: [{ between: [h1, h2], rate: 1 Gbit/s }]'],
      ],
      printed: ['small.yaml:5:36  links[0].rate: expected no rate (kind: veth is a cable without one; kind: physical has one), got one'],
    },
    {
      what: 'a link with one end',
      changes: [['networks: {', 'links: [{ between: [h1] }]\nnetworks: {']],
      printed: ['small.yaml:5:20  links[0].between: expected a list of 2, got a list of 1'],
    },
    {
      what: 'a link from a host to itself',
      changes: [['networks: {', 'links: [{ between: [h1, h1] }]\nnetworks: {']],
      printed: ['small.yaml:5:25  links[0].between[1]: expected two different hosts, got "h1" twice'],
    },
  ],
  addresses: [
    {
      what: 'a subnet that is none',
      changes: [['10.70.0.0/24', '10.70.0/24']],
      printed: ['small.yaml:5:44  networks.net.subnet: expected an IPv4 prefix such as 10.70.0.0/24, got "10.70.0/24"'],
    },
    {
      what: 'a subnet with an octet too large',
      changes: [['10.70.0.0/24', '10.70.300.0/24']],
      printed: ['small.yaml:5:44  networks.net.subnet: expected an IPv4 prefix such as 10.70.0.0/24, got "10.70.300.0/24"'],
    },
    {
      what: 'a subnet with host bits',
      changes: [['10.70.0.0/24', '10.70.0.9/24']],
      printed: [
        'small.yaml:5:44  networks.net.subnet: expected an IPv4 prefix whose host bits are zero, got "10.70.0.9/24" (did you mean "10.70.0.0/24"?)',
      ],
    },
    {
      what: 'a subnet too small',
      changes: [['10.70.0.0/24', '10.70.0.0/30']],
      printed: [
        'small.yaml:5:44  networks.net.subnet: expected a prefix with room for 2 addresses (the first is kept for a gateway), got "10.70.0.0/30", which has room for 1',
      ],
    },
    {
      what: 'subnets that overlap',
      changes: [['{ net: {', '{ wide: { driver: bridge, subnet: 10.0.0.0/8 }, net: {']],
      printed: ['small.yaml:5:90  networks.net.subnet: expected a prefix that does not overlap 10.0.0.0/8 of wide, got "10.70.0.0/24"'],
    },
    {
      what: 'a default subnet that is taken',
      changes: [
        ['10.70.0.0/24', '10.70.1.0/24'],
        ['/24 } }', '/24 }, more: { driver: bridge } }'],
      ],
      printed: [
        'small.yaml:5:66  networks.more.subnet: expected a prefix that does not overlap 10.70.1.0/24 of net, got "10.70.1.0/24" (the default)',
      ],
    },
    {
      what: 'a subnet of the loopback',
      changes: [['10.70.0.0/24', '127.0.0.0/24']],
      printed: [
        'small.yaml:5:44  networks.net.subnet: expected a prefix for containers, such as 10.70.0.0/24, got "127.0.0.0/24" (loopback addresses, RFC 1122)',
      ],
    },
    {
      what: 'a subnet of the links',
      changes: [['10.70.0.0/24', '172.31.7.0/24']],
      printed: [
        'small.yaml:5:44  networks.net.subnet: expected a prefix for containers, such as 10.70.0.0/24, got "172.31.7.0/24" (the addresses of the links between hosts)',
      ],
    },
  ],
  flows: [
    {
      what: 'containers that share no network',
      changes: [
        ['{ net: {', '{ other: { driver: bridge, subnet: 10.71.0.0/24 }, net: {'],
        ['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [other]'],
      ],
      printed: ['small.yaml:10:29  flows.ping.to: expected a container that shares a network with client (net), got server (other)'],
    },
    {
      what: 'a network that only one end is attached to',
      changes: [
        ['{ net: {', '{ other: { driver: bridge, subnet: 10.71.0.0/24 }, net: {'],
        ['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [net, other]'],
        ['to: server,', 'to: server, network: other,'],
      ],
      printed: ['small.yaml:10:46  flows.ping.network: expected a network that client is attached to (net), got "other"'],
    },
    {
      what: 'ends that share two networks',
      changes: [
        ['{ net: {', '{ other: { driver: bridge, subnet: 10.71.0.0/24 }, net: {'],
        ['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [net, other]'],
        ['client: { host: h1, networks: [net]', 'client: { host: h1, networks: [net, other]'],
      ],
      printed: ['small.yaml:10:9  flows.ping.network: expected the name of a network (net or other), got nothing'],
    },
    {
      what: 'a network that carries nothing',
      changes: [['driver: bridge', 'driver: none']],
      printed: ['small.yaml:10:29  flows.ping.to: expected a network that carries traffic, got "net", whose driver is none'],
    },
    {
      what: 'a proxy on another network',
      changes: [
        ['{ net: {', '{ other: { driver: bridge, subnet: 10.71.0.0/24 }, net: {'],
        ['flows:', 'proxies: { relay: { host: h1, network: other } }\nflows:'],
        ['to: server,', 'to: server, via: [relay],'],
      ],
      printed: ["small.yaml:11:43  flows.ping.via[0]: expected a proxy on the flow's network net, got relay, which is on other"],
    },
    {
      what: 'a datagram through a SOCKS proxy',
      changes: [
        ['flows:', 'proxies: { relay: { host: h1, network: net } }\nflows:'],
        ['to: server,', 'to: server, transport: udp, via: [relay],'],
      ],
      printed: [
        'small.yaml:11:58  flows.ping.via: expected transport: tcp for a flow through proxies (none here relays UDP), got udp via relay',
      ],
    },
    {
      what: 'a proxy twice on the way',
      changes: [
        ['flows:', 'proxies: { relay: { host: h1, network: net } }\nflows:'],
        ['to: server,', 'to: server, via: [relay, relay],'],
      ],
      printed: ['small.yaml:11:50  flows.ping.via[1]: expected each proxy once, got "relay" a second time'],
    },
    {
      what: 'a flow from a container to itself',
      changes: [['to: server', 'to: client']],
      printed: ['small.yaml:10:29  flows.ping.to: expected two different containers, got "client" at both ends'],
    },
    {
      what: 'two containers of one pod over its bridge',
      changes: [
        ['{ net: {', '{ pod: { driver: shared }, net: {'],
        ['server: { host: h1, networks: [net]', 'server: { host: h1, networks: [net, pod]'],
        ['client: { host: h1, networks: [net]', 'client: { host: h1, networks: [net, pod]'],
        ['to: server,', 'to: server, network: net,'],
      ],
      printed: [
        'small.yaml:10:46  flows.ping.network: expected network pod (both ends live in its namespace, so their packets stay on its loopback), got "net"',
      ],
    },
  ],
  'network models and sweeps': [
    {
      what: 'a key that no path begins with',
      changes: [['flows:', 'sweep: { seed: [1, 2] }\nflows:']],
      printed: [
        'small.yaml:9:10  sweep.seed: expected model, or a path that begins with engine, machines, hosts, links, networks, routers, volumes, containers, services, proxies, tcp or flows, got "seed"',
      ],
    },
    {
      what: 'a path with a misspelt step',
      changes: [['flows:', 'sweep: { flows.ping.workload.mesage: [64 B] }\nflows:']],
      printed: [
        'small.yaml:9:10  sweep.flows.ping.workload.mesage: expected one of the keys kind, message, rate, arrivals, at-once, write, read, send-buffer or receive-buffer, got "mesage" (did you mean "flows.ping.workload.message"?)',
      ],
    },
    {
      what: 'a path to a mapping',
      changes: [['flows:', 'sweep: { flows.ping.workload: [64 B] }\nflows:']],
      printed: [
        'small.yaml:9:10  sweep.flows.ping.workload: expected a path to a single value, such as flows.ping.workload.message, got "flows.ping.workload"',
      ],
    },
    {
      what: 'a path to a flow that is not there',
      changes: [['flows:', 'sweep: { flows.pong.workload.message: [64 B] }\nflows:']],
      printed: [
        'small.yaml:9:10  sweep.flows.pong.workload.message: expected the name of a flow (ping), got "pong" (did you mean "ping"?)',
      ],
    },
    {
      what: 'a path to a proxy that one model lacks',
      changes: [
        [
          'flows:',
          'models: { direct: {}, socks: { proxies: { relay: { host: h1, network: net } } } }\nsweep: { proxies.relay.buffer: [1 KiB] }\nflows:',
        ],
      ],
      printed: [
        'small.yaml:10:10  sweep.proxies.relay.buffer: expected the name of a proxy (there is none), got "relay", which network model direct does not have',
      ],
    },
    {
      what: 'a value twice in two spellings',
      changes: [['flows:', 'sweep: { flows.ping.workload.message: [1 KiB, 64 B, 1024 B] }\nflows:']],
      printed: ['small.yaml:9:53  sweep.flows.ping.workload.message[2]: expected each value once, got "1024 B" a second time'],
    },
    {
      what: 'a model twice',
      changes: [['flows:', 'models: { a: {} }\nsweep: { model: [a, a] }\nflows:']],
      printed: ['small.yaml:10:21  sweep.model[1]: expected each value once, got "a" a second time'],
    },
    {
      what: 'a single value instead of a list',
      changes: [['flows:', 'sweep: { flows.ping.workload.message: 64 B }\nflows:']],
      printed: ['small.yaml:9:39  sweep.flows.ping.workload.message: expected a list of one or more, got "64 B"'],
    },
    {
      what: 'an empty list',
      changes: [['flows:', 'sweep: { flows.ping.workload.message: [] }\nflows:']],
      printed: ['small.yaml:9:39  sweep.flows.ping.workload.message: expected a list of one or more, got an empty list'],
    },
    {
      what: 'a list among the values',
      changes: [['flows:', 'sweep: { flows.ping.workload.message: [[64 B]] }\nflows:']],
      printed: ['small.yaml:9:40  sweep.flows.ping.workload.message[0]: expected a single value, got a list'],
    },
    {
      what: 'a wrong value of a sweep, once and where it stands',
      changes: [['flows:', 'models: { a: {}, b: {}, c: {} }\nsweep: { flows.ping.workload.message: [64 B, 64 kb] }\nflows:']],
      printed: [
        'small.yaml:10:46  sweep.flows.ping.workload.message[1]: expected a size such as "64 B" or "4 KiB", got "64 kb" (an unknown unit) (did you mean "64 kB"?)',
      ],
    },
    {
      what: 'a swept core that the machine lacks, once for all models',
      changes: [['flows:', 'models: { a: {}, b: {} }\nsweep: { containers.client.core: [0, 1, 2] }\nflows:']],
      printed: ['small.yaml:10:41  sweep.containers.client.core[2]: expected a core from 0 to 1 (machine m1 has 2 cores), got 2'],
    },
    {
      what: 'a wrong value of a model, once for all points',
      changes: [['flows:', 'models: { a: {}, b: { tcp: { mtu: 1 } } }\nsweep: { flows.ping.workload.message: [64 B, 1 KiB] }\nflows:']],
      printed: ['small.yaml:9:35  models.b.tcp.mtu: expected a number of bytes from 68 B to 64 KiB, got 1'],
    },
    {
      what: 'a model whose value breaks what the base says',
      changes: [['flows:', 'models: { a: {}, b: { networks: { net: { driver: none } } } }\nflows:']],
      printed: ['small.yaml:9:50  models.b.networks.net.driver: expected a network that carries traffic, got "net", whose driver is none'],
    },
    {
      what: 'a model that nobody sweeps',
      changes: [['flows:', 'models: { a: {}, b: { networks: { net: { driver: brige } } } }\nsweep: { model: [a] }\nflows:']],
      printed: [
        'small.yaml:9:50  models.b.networks.net.driver: expected shared, host, none, bridge, veth, routed, macvlan, ebpf-redirect or overlay, got "brige" (did you mean "bridge"?)',
      ],
    },
    {
      what: 'a key that a model may not change',
      changes: [['flows:', 'models: { a: { seed: 2 } }\nflows:']],
      printed: [
        'small.yaml:9:16  models.a.seed: expected one of the keys engine, machines, hosts, links, networks, routers, volumes, containers, services, proxies, tcp or flows, got "seed"',
      ],
    },
    {
      what: 'a value of the base that every model overrules',
      changes: [
        ['driver: bridge', 'driver: brige'],
        ['flows:', 'models: { a: { networks: { net: { driver: veth } } } }\nflows:'],
      ],
      printed: [
        'small.yaml:5:28  networks.net.driver: expected shared, host, none, bridge, veth, routed, macvlan, ebpf-redirect or overlay, got "brige" (did you mean "bridge"?)',
      ],
    },
    {
      what: 'more points than anybody runs',
      changes: [
        [
          'flows:',
          'sweep: { containers.client.core: [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,100], containers.server.core: [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99] }\nflows:',
        ],
      ],
      printed: ['small.yaml:9:8  sweep: expected at most 10000 points, got 10100'],
    },
  ],
}
