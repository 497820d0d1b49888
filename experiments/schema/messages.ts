/** Every message of the experiment file's checks, as functions, to be read in one go. Each says what was expected and what was found. */
import type { Mismatch } from './errors.js'
import { MAX_DEPTH, MAX_EXTENDS, MAX_FILE_LENGTH, MAX_POINTS, MAX_READ_VALUES } from './limits.js'
import { alternatives, nearest, oneOf, quoted } from './words.js'

// The file as text.
export const fileTooLong = (length: number): Mismatch => ({
  expected: `an experiment file of at most ${MAX_FILE_LENGTH / 1024} KiB`,
  found: `${Math.ceil(length / 1024)} KiB`,
})
export const tooDeep = (): Mismatch => ({ expected: `at most ${MAX_DEPTH} mappings and lists inside one another`, found: 'more' })
export const unopened = (bracket: string): Mismatch => ({ expected: 'valid YAML', found: `a ${bracket} that closes nothing` })
const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' }
export const unclosed = (mark: string): Mismatch => ({
  expected: `a closing ${CLOSING[mark] ?? mark} behind what this ${mark} opens`,
  found: 'none',
})
export const indentedStart = (spaces: number): Mismatch => ({
  expected: 'the first key at the start of its line, as the others are',
  found: spaces === 1 ? 'a space before it' : `${spaces} spaces before it`,
})
export const emptyFile = (): Mismatch => ({ expected: 'an experiment (a mapping with name, machines, hosts, ...)', found: 'an empty file' })
export const noMapping = (): Mismatch => ({ expected: 'a mapping with name, machines, hosts, ...', found: 'a single value or a list' })
export const secondDocument = (): Mismatch => ({ expected: 'one experiment a file', found: 'a second YAML document' })
export const alias = (found: string): Mismatch => ({
  expected: 'values written out (what variants share belongs into the base, `models` or `extends`)',
  found: `the YAML anchor or alias ${quoted(found)}`,
})
export const tag = (found: string): Mismatch => ({ expected: 'a plain value', found: `the YAML tag ${quoted(found)}` })
export const keyIsNoWord = (): Mismatch => ({ expected: 'a word as a key', found: 'a list, a mapping or nothing' })
export const keyTwice = (name: string): Mismatch => ({ expected: 'each key once', found: `${quoted(name)} a second time` })

/** Messages of the YAML parser that need other words here. */
const SYNTAX: Readonly<Record<string, Mismatch>> = {
  TAB_AS_INDENT: { expected: 'spaces before a key or a value', found: 'a tab' },
}

export function yamlSyntax(code: string, message: string): Mismatch {
  return SYNTAX[code] ?? { expected: 'valid YAML', found: `a syntax error (${message.split('\n')[0]!.slice(0, 160)})` }
}

// Keys and values.
export function unknownKey(key: string, known: readonly string[]): Mismatch {
  const expected = known.length === 1 ? `the key ${known[0]}` : `one of the keys ${alternatives(known)}`
  return { expected, found: quoted(key), suggestion: nearest(key, known) }
}
export const badName = (name: string): Mismatch => ({
  expected: 'a name: a letter, then up to 23 letters, digits, "-" or "_"',
  found: quoted(name),
})
export const missing = (expected: string): Mismatch => ({ expected, found: 'nothing' })

export function unknownName(kind: string, found: string, names: readonly string[]): Mismatch {
  return { expected: oneOf(kind, names), found: quoted(found), suggestion: nearest(found, names) }
}

// extends, models, sweep.
export const extendsNoName = (): Mismatch => ({ expected: 'the name of one experiment', found: 'something else' })
export const noBase = (name: string): Mismatch => ({ expected: 'the name of an experiment that can be read', found: quoted(name) })
export const extendsItself = (chain: readonly string[]): Mismatch => ({
  expected: 'a file that does not extend itself',
  found: chain.join(' extends '),
})
export const extendsTooOften = (): Mismatch => ({ expected: `at most ${MAX_EXTENDS} files that extend one another`, found: 'more' })
export const sweepOutside = (key: string, known: readonly string[]): Mismatch => ({
  expected: `model, or a path that begins with ${alternatives(known)}`,
  found: quoted(key),
  suggestion: nearest(key, ['model', ...known]),
})
export const sweepNoLeaf = (found: string): Mismatch => ({
  expected: 'a path to a single value, such as flows.ping.workload.message',
  found,
})
export function sweepNothingThere(kind: string, found: string, names: readonly string[], lacking: readonly string[]): Mismatch {
  const models = lacking.length === 0 ? '' : `, which network model ${lacking.join(' and ')} does not have`
  return { ...unknownName(kind, found, names), found: `${quoted(found)}${models}` }
}
export const sweptTwice = (found: string): Mismatch => ({ expected: 'each value once', found: `${found} a second time` })
export const tooManyPoints = (points: number): Mismatch => ({ expected: `at most ${MAX_POINTS} points`, found: String(points) })
export const tooMuchToRead = (points: number, models: number, values: number): Mismatch => ({
  expected: `at most ${MAX_READ_VALUES} values to check, over all points and network models`,
  found: `${points} points and ${models} network models of ${values} values each`,
})
export const baselineNotSwept = (found: string, swept: readonly string[]): Mismatch => ({
  expected: `a network model that the sweep visits (${alternatives(swept)})`,
  found: quoted(found),
  suggestion: nearest(found, swept),
})
export const atMostBelowReplications = (replications: number, found: number): Mismatch => ({
  expected: `at least stop.replications (${replications})`,
  found: String(found),
})

// Names, namespaces and placement.
export const nameTaken = (name: string): Mismatch => ({
  expected: 'a name of its own (a container and a proxy are both processes)',
  found: `${quoted(name)}, which is also a container`,
})
export const noSuchCore = (cores: number, machine: string, core: number, isDefault: boolean): Mismatch => ({
  expected: `${cores === 1 ? 'core 0' : `a core from 0 to ${cores - 1}`} (machine ${machine} has ${cores === 1 ? '1 core' : `${cores} cores`})`,
  found: isDefault ? `core ${core} (the default)` : String(core),
})
export const twoNamespaces = (first: string, second: string): Mismatch => ({
  expected: `one namespace for each container (network ${first} already puts it into one that others share)`,
  found: `network ${second}, which puts it into another`,
})
export const hostNamespaceAndMore = (host: string, other: string): Mismatch => ({
  expected: `no other network beside ${host} (its containers live in their host's namespace)`,
  found: quoted(other),
})
export const networkTwice = (name: string): Mismatch => ({ expected: 'each network once', found: `${quoted(name)} a second time` })
export const noSuchBridge = (bridges: number, network: string, bridge: number): Mismatch => ({
  expected: bridges === 1 ? `1 (network ${network} has one bridge)` : `a bridge from 1 to ${bridges} (the chain of network ${network})`,
  found: String(bridge),
})

// Networks.
export const vethEnds = (ends: readonly string[]): Mismatch => ({
  expected: 'exactly two containers or proxies on a veth network',
  found: ends.length === 0 ? 'none' : `${ends.length} (${ends.slice(0, 6).join(', ')})`,
})
export const onOneHost = (driver: string, hosts: readonly string[]): Mismatch => ({
  expected: `containers and proxies of one host on a network with driver ${driver}`,
  found: `hosts ${hosts.join(' and ')}`,
})
export const onOneMachine = (machines: readonly string[]): Mismatch => ({
  expected: 'a veth pair between namespaces of one machine',
  found: `machines ${machines.join(' and ')}`,
})
export const onTwoHosts = (driver: string, hosts: readonly string[]): Mismatch => ({
  expected: `at most two hosts on a network with driver ${driver}`,
  found: hosts.join(', '),
})
export const noLink = (a: string, b: string, driver: string): Mismatch => ({
  expected: `a link between hosts ${a} and ${b}, which network driver ${driver} joins`,
  found: 'none',
})
export const directEnds = (ends: readonly string[]): Mismatch => ({
  expected: 'one container or proxy on each of two hosts (ends: direct puts the VXLAN device into the container)',
  found: ends.length === 0 ? 'none' : ends.join(', '),
})
export const sameVni = (vni: number, other: string): Mismatch => ({
  expected: 'a VXLAN identifier of its own',
  found: `${vni}, which network ${other} has`,
})
export const gatewayWithoutBridge = (driver: string): Mismatch => ({
  expected: 'a gateway on a network with driver bridge only',
  found: `one with driver ${driver}`,
})
export const routerWithoutNamespace = (driver: string): Mismatch => ({
  expected: 'networks that a router can join with a device of its own',
  found: `one with driver ${driver}`,
})
export const backendTwice = (name: string): Mismatch => ({ expected: 'each backend once', found: `${quoted(name)} a second time` })
export const serviceNameTaken = (name: string): Mismatch => ({
  expected: 'a name of its own (a flow goes to a container or to a service)',
  found: `${quoted(name)}, which is also a container`,
})
/** @param builds what the engine has instead */
export const notByEngine = (engine: string, what: string, builds: readonly string[]): Mismatch => ({
  expected: `what engine ${engine} builds: ${builds.join(', ')}`,
  found: what,
})
export const filterWithoutEngine = (seccomp: string): Mismatch => ({
  expected: 'a seccomp filter in containers of engine podman only',
  found: `seccomp: ${seccomp} under another engine`,
})
export const seccompRules = (): Mismatch => ({
  expected: 'seccomp: rules and a number of seccomp-rules, both or none',
  found: 'one of them',
})
export const periodWithoutQuota = (): Mismatch => ({ expected: 'a cpu-quota beside it', found: 'a cpu-period alone' })
export const otherProtocol = (kind: string, fitting: readonly string[], program: string): Mismatch => ({
  expected: `a program of kind ${kind}: ${fitting.join(' or ')}`,
  found: program,
})
export const sidecarElsewhere = (container: string, host: string, own: string): Mismatch => ({
  expected: `a container of host ${own}, where the proxy runs`,
  found: `${container}, which runs on ${host}`,
})
export const sidecarNetwork = (container: string, network: string): Mismatch => ({
  expected: `a network of ${container}, whose namespace the proxy shares`,
  found: network,
})
export const publishedTwice = (port: number, host: string, other: string): Mismatch => ({
  expected: `a port of host ${host} that nobody else publishes`,
  found: `${port}, which ${other} publishes`,
})
export const notPublished = (name: string): Mismatch => ({
  expected: `a container that publishes a port (containers.${name}.publish)`,
  found: `${name}, which publishes none`,
})
export const publishedService = (name: string): Mismatch => ({
  expected: 'published: false for a service (it has an address of its own)',
  found: `true, to service ${name}`,
})
export const noNetwork = (name: string): Mismatch => ({
  expected: `a server on a network that carries traffic`,
  found: `${name}, which is on none`,
})
export const noRoute = (reason: string): Mismatch => ({ expected: 'ends that packets can travel between', found: reason })

// Addresses.
export const malformedSubnet = 'an IPv4 prefix such as 10.70.0.0/24'
export const hostBits = (prefix: string, found: string): Mismatch => ({
  expected: 'an IPv4 prefix whose host bits are zero',
  found: quoted(found),
  suggestion: prefix,
})
export const reservedSubnet = (found: string, why: string): Mismatch => ({
  expected: 'a prefix for containers, such as 10.70.0.0/24',
  found: `${quoted(found)} (${why})`,
})
export const subnetsOverlap = (other: string, prefix: string, found: string, isDefault: boolean): Mismatch => ({
  expected: `a prefix that does not overlap ${prefix} of ${other}`,
  found: `${quoted(found)}${isDefault ? ' (the default)' : ''}`,
})
export const subnetTooSmall = (ends: number, room: number, found: string): Mismatch => ({
  expected: `a prefix with room for ${ends} ${ends === 1 ? 'address' : 'addresses'} (the first is kept for a gateway)`,
  found: `${quoted(found)}, which has room for ${room}`,
})
export const overlayMtu = (linkMtu: number, link: string, found: number): Mismatch => ({
  expected: `at most ${linkMtu - 50} (${link} carries ${linkMtu} B and VXLAN adds 50; senders are told by path-MTU messages, after a loss)`,
  found: String(found),
})
export const deviceMtu = (most: number, driver: string, found: number): Mismatch => ({
  expected: `at most ${most} for the devices of driver ${driver}`,
  found: String(found),
})

// Links.
export const linkToItself = (host: string): Mismatch => ({ expected: 'two different hosts', found: `${quoted(host)} twice` })
export const linkNeeds = (expected: string): Mismatch => ({ expected: `${expected} (kind: physical)`, found: 'nothing' })
export const linkHasNo = (key: string): Mismatch => ({
  expected: `no ${key} (kind: veth is a cable without one; kind: physical has one)`,
  found: 'one',
})
export const linkAcrossMachines = (a: string, b: string): Mismatch => ({
  expected: `kind: physical between machines ${a} and ${b} (a veth pair joins namespaces of one machine)`,
  found: quoted('veth'),
  suggestion: 'physical',
})

export const physicalHops = (): Mismatch => ({ expected: 'no hops on a cable between network cards (kind: physical)', found: 'some' })

// Flows.
export const noFlow = (): Mismatch => ({ expected: 'at least one flow', found: 'none' })
export const flowToItself = (name: string): Mismatch => ({ expected: 'two different containers', found: `${quoted(name)} at both ends` })
export const noSharedNetwork = (from: string, fromNetworks: readonly string[], to: string, toNetworks: readonly string[]): Mismatch => ({
  expected: `a container that shares a network with ${from} (${fromNetworks.join(', ') || 'on none'})`,
  found: `${to} (${toNetworks.join(', ') || 'on none'})`,
})
export const notOnNetwork = (network: string, end: string, networks: readonly string[]): Mismatch => ({
  expected: `a network that ${end} is attached to (${networks.join(', ') || 'none'})`,
  found: quoted(network),
  suggestion: nearest(network, networks),
})
export const networkCarriesNothing = (network: string): Mismatch => ({
  expected: 'a network that carries traffic',
  found: `${quoted(network)}, whose driver is none`,
})
export const proxyUnreachable = (proxy: string, proxyNetwork: string, network: string): Mismatch => ({
  expected: `a proxy on the flow's network ${network}`,
  found: `${proxy}, which is on ${proxyNetwork}`,
})
export const proxyTwice = (proxy: string): Mismatch => ({ expected: 'each proxy once', found: `${quoted(proxy)} a second time` })
export const udpViaSocks = (proxy: string): Mismatch => ({
  expected: 'transport: tcp for a flow through proxies (none here relays UDP)',
  found: `udp via ${proxy}`,
})
export const onePod = (pod: string, network: string): Mismatch => ({
  expected: `network ${pod} (both ends live in its namespace, so their packets stay on its loopback)`,
  found: quoted(network),
})
export const udpTooLong = (largest: string, found: string): Mismatch => ({
  expected: `at most ${largest} over UDP (65535 minus the IPv4 and UDP headers)`,
  found,
})

// Volumes and Unix-domain sockets.
export const volumeTwice = (name: string): Mismatch => ({ expected: 'each volume once', found: `${quoted(name)} a second time` })
export const volumeElsewhere = (volume: string, host: string, container: string, own: string): Mismatch => ({
  expected: `a volume of host ${own}, where ${container} runs`,
  found: `${quoted(volume)}, a folder of host ${host}`,
})
export const volumeWithoutUnix = (transport: string): Mismatch => ({
  expected: 'a volume for transport unix-stream or unix-datagram only',
  found: `one for ${transport}`,
})
export const noSharedVolume = (from: string, fromVolumes: readonly string[], to: string, toVolumes: readonly string[]): Mismatch => ({
  expected: `a container that shares a volume with ${from} (${fromVolumes.join(', ') || 'which mounts none'})`,
  found: `${to} (${toVolumes.join(', ') || 'which mounts none'})`,
})
export const notMounted = (volume: string, container: string, mounted: readonly string[]): Mismatch => ({
  expected: `a volume that ${container} mounts (${mounted.join(', ') || 'none'})`,
  found: quoted(volume),
  suggestion: nearest(volume, mounted),
})
export const unixViaProxy = (transport: string, proxy: string): Mismatch => ({
  expected: 'transport: tcp for a flow through proxies (none here relays Unix-domain sockets)',
  found: `${transport} via ${proxy}`,
})
export const unixOnNetwork = (transport: string, network: string): Mismatch => ({
  expected: `no network for ${transport} (its socket stands in a volume)`,
  found: quoted(network),
})
export const unixPublished = (transport: string): Mismatch => ({
  expected: `published: false for ${transport} (its socket has no port)`,
  found: 'true',
})
export const unixToService = (transport: string, service: string): Mismatch => ({
  expected: `a container as the server of ${transport} (a service translates addresses)`,
  found: `service ${service}`,
})
export const unixOpenLoop = (transport: string): Mismatch => ({
  expected: `ping-pong over ${transport} (an open loop over Unix-domain sockets is not built yet)`,
  found: 'open-loop',
})
export const unixTooLong = (found: string): Mismatch => ({
  expected: 'at most 212960 B in a datagram (the socket buffer less 32)',
  found,
})

// Workloads.
export const onlyOpenLoop = (key: string): Mismatch => ({ expected: `no ${key} (kind: open-loop has one)`, found: 'one' })
export const openLoopRate = (): Mismatch => ({ expected: 'a rate such as "20k/s" (kind: open-loop)', found: 'nothing' })
export const spinsAlone = (client: string, core: number, beside: string): Mismatch => ({
  expected: `a core of its own for ${client} (the client of an open loop spins)`,
  found: `core ${core}, which ${beside} uses as well`,
})

// Streams.
export const onlyStream = (key: string): Mismatch => ({ expected: `no ${key} (kind: stream has one)`, found: 'one' })
export const notOfStream = (key: string): Mismatch => ({ expected: `no ${key} (kind: stream has write and read)`, found: 'one' })
export const streamWrite = (): Mismatch => ({ expected: 'a size such as "128 KiB" (kind: stream)', found: 'nothing' })
export const streamOverTcp = (transport: string): Mismatch => ({ expected: 'tcp (kind: stream)', found: quoted(transport) })
export const streamWithoutProxies = (proxy: string): Mismatch => ({
  expected: 'no proxies (kind: stream: nobody has measured a stream through one)',
  found: quoted(proxy),
})

// Starts of containers.
export const onlyStart = (): Mismatch => ({ expected: 'no at-once (kind: start has one)', found: 'one' })
export const startNot = (expected: string, found: string): Mismatch => ({ expected: `${expected} (kind: start)`, found })
export const startLacksAddresses = (atOnce: number, free: number, subnet: string): Mismatch => ({
  expected: `at most ${free} at once (the addresses that ${subnet} has left)`,
  found: `${atOnce}`,
})

// Connections.
export const onlySocks = (): Mismatch => ({ expected: 'no authentication (kind: socks5 has one)', found: 'one' })
export const connectNot = (expected: string, found: string): Mismatch => ({ expected: `${expected} (kind: connect)`, found })

// HTTP.
export const httpNot = (expected: string, found: string): Mismatch => ({ expected: `${expected} (kind: http)`, found })
export const onlyHttp = (proxy: string, kind: string): Mismatch => ({
  expected: 'a workload of kind http through a relay at layer 7',
  found: `${kind} via ${proxy} (http)`,
})
