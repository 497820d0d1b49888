/** Built topologies wired another way, by one device (or one rule): what `explain --prove` must find out. */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import type { BuiltLayout } from '../../experiments/testbed/build.js'
import { command } from '../../experiments/testbed/command.js'

export type Rewiring = (built: BuiltLayout) => Promise<void>

async function inside(built: BuiltLayout, namespace: string, ...steps: readonly string[]): Promise<void> {
  for (const step of steps) await command(['ip', 'netns', 'exec', built.kernelName(namespace), ...step.split(' ')])
}

/** One more bridge between a bridge and the port of a container. */
const bridgeBetween =
  (bridge: string, port: string, host = 'host.h1'): Rewiring =>
  (built) =>
    inside(
      built,
      host,
      'ip link add extra type bridge stp_state 0 forward_delay 0',
      'ip link add x0 type veth peer name x1',
      `ip link set x0 master ${bridge}`,
      'ip link set x1 master extra',
      `ip link set ${port} master extra`,
      'ip link set x0 up',
      'ip link set x1 up',
      'ip link set extra up',
    )

/** A second pair of veth devices straight from the client to the server, and the client's route over it. */
const pairBeside: Rewiring = async (built) => {
  const server = built.layout.processes.find(({ name }) => name === 'server')!.addresses['net']!
  const [client, far] = [built.kernelName('container.client'), built.kernelName('container.server')]
  await command(['ip', '-n', client, 'link', 'add', 'eth9', 'type', 'veth', 'peer', 'name', 'eth9', 'netns', far])
  await command(['ip', '-n', client, 'link', 'set', 'eth9', 'up'])
  await command(['ip', '-n', far, 'link', 'set', 'eth9', 'up'])
  await command(['ip', '-n', client, 'route', 'replace', `${server}/32`, 'dev', 'eth9'])
}

/** A second cable between two hosts, and the route of the first one's packets over it. */
const cableBeside: Rewiring = async (built) => {
  const [near, far] = [built.kernelName('host.h1'), built.kernelName('host.h2')]
  const tunnel = built.layout.devices.find((device) => device.kind === 'vxlan')
  if (tunnel?.kind !== 'vxlan') throw new Error('no tunnel to take another cable')
  await command(['ip', '-n', near, 'link', 'add', 'link9', 'type', 'veth', 'peer', 'name', 'link9', 'netns', far])
  await command(['ip', '-n', near, 'link', 'set', 'link9', 'up'])
  await command(['ip', '-n', far, 'link', 'set', 'link9', 'up'])
  const remote = tunnel.underlayNamespace === 'host.h1' ? tunnel.remote : tunnel.local
  await command(['ip', '-n', near, 'route', 'replace', `${remote}/32`, 'dev', 'link9'])
}

/** Packets to the namespace itself come in on another device: redirected from loopback's way out. */
const besideLoopback =
  (namespace: string): Rewiring =>
  (built) =>
    inside(
      built,
      namespace,
      'ip link add v0 type veth peer name v1',
      'ip link set v0 up',
      'ip link set v1 up',
      'sysctl -q -w net.ipv4.conf.all.route_localnet=1 net.ipv4.conf.all.accept_local=1',
      'tc qdisc add dev lo clsact',
      'tc filter add dev lo egress protocol ip u32 match u32 0 0 action mirred ingress redirect dev v0',
    )

/** The client mounts another volume, in which socat has a socket of the server's name; it ends with the client's namespace. */
const anotherVolume =
  (...relays: readonly (readonly [listens: string, passesTo: string])[]): Rewiring =>
  async ({ volumes, kernelName }) => {
    const [own, other, mount] = [volumes.folder('run'), `${volumes.folder('run')}.other`, volumes.mountedIn('client', 'run')]
    mkdirSync(other)
    rmSync(mount)
    symlinkSync(other, mount)
    for (const relay of relays) {
      const addresses = relay.map((address) => address.replace('OWN', own).replace('OTHER', other))
      spawn('ip', ['netns', 'exec', kernelName('container.client'), 'socat', ...addresses], { stdio: 'ignore' })
    }
  }

const ruleBefore: Rewiring = (built) => inside(built, 'host.h1', 'nft insert rule ip fairway filter-forward ip saddr 192.0.2.1 drop')

/** By network model of paths.yaml. */
export const rewirings: Readonly<Record<string, Rewiring>> = {
  shared: besideLoopback('pod.net'),
  host: besideLoopback('host.h1'),
  veth: pairBeside,
  bridge: bridgeBetween('br.net.1', 'veth.server.net'),
  quota: bridgeBetween('br.net.1', 'veth.server.net'),
  'two-cores': bridgeBetween('br.net.1', 'veth.client.net'),
  'bridge-netfilter': (built) => inside(built, 'host.h1', 'sysctl -q -w net.bridge.bridge-nf-call-iptables=0'),
  chain: (built) => inside(built, 'host.h1', 'ip link set veth.server.net master br.net.2'),
  udp: pairBeside,
  // Over TCP through the client's loopback, and on to the server's own socket.
  'unix-stream': anotherVolume(
    ['TCP-LISTEN:7777,reuseaddr,fork', 'UNIX-CONNECT:OWN/ping.sock'],
    ['UNIX-LISTEN:OTHER/ping.sock,fork', 'TCP:127.0.0.1:7777'],
  ),
  // To somebody else's socket, which answers as the server would.
  'unix-datagram': anotherVolume(['UNIX-RECVFROM:OTHER/ping.sock,fork', 'PIPE']),
  'udp-fragments': bridgeBetween('br.net.1', 'veth.server.net'),
  socks: bridgeBetween('br.net.1', 'veth.relay.net'),
  overlay: cableBeside,
  'overlay-direct': cableBeside,
  'overlay-one-host': bridgeBetween('br.net', 'veth.server.net'),
  'socks-overlay': cableBeside,
  'overlay-hops': (built) =>
    inside(
      built,
      'hop.link0.1',
      'ip link set link0.up1 down',
      'ip link set link0.up1 name renamed',
      'ip link set renamed up',
      'ip route replace 172.31.0.0/16 dev renamed',
    ),
  routed: pairBeside,
  rules: ruleBefore,
  'iptables-rules': (built) => inside(built, 'host.h1', 'iptables -I FORWARD -s 192.0.2.1/32 -j DROP'),
  conntrack: (built) => inside(built, 'host.h1', 'nft delete chain ip fairway tracking'),
  macvlan: pairBeside,
  'ebpf-redirect': pairBeside,
  gateway: bridgeBetween('br.far.1', 'veth.server.far'),
  published: bridgeBetween('br.far.1', 'veth.server.far', 'host.h2'),
  masquerade: bridgeBetween('br.far.1', 'veth.server.far', 'host.h2'),
  dante: bridgeBetween('br.net.1', 'veth.relay.net'),
  haproxy: bridgeBetween('br.net.1', 'veth.relay.net'),
  nginx: bridgeBetween('br.net.1', 'veth.relay.net'),
  socat: bridgeBetween('br.net.1', 'veth.relay.net'),
  sidecars: bridgeBetween('br.net.1', 'veth.server.net'),
  'relay-chain': bridgeBetween('br.net.1', 'veth.second.net'),
  'podman-sidecar': bridgeBetween('br0', 'veth.server.net'),
  'cni-bridge': bridgeBetween('br0', 'veth.server.net'),
  'cni-netfilter': (built) => inside(built, 'host.h1', 'sysctl -q -w net.bridge.bridge-nf-call-iptables=0'),
  'cni-ptp': pairBeside,
  'cni-macvlan': pairBeside,
  'cni-portmap': bridgeBetween('br1', 'veth.server.far', 'host.h2'),
  'podman-unfiltered': bridgeBetween('br0', 'veth.client.net'),
  'podman-rules': bridgeBetween('br0', 'veth.server.net'),
  'podman-bridge': bridgeBetween('br0', 'veth.server.net'),
  'podman-netfilter': (built) => inside(built, 'host.h1', 'iptables -I NETAVARK_FORWARD -s 192.0.2.1/32 -j DROP'),
  'podman-host': besideLoopback('host.h1'),
  'podman-pod': besideLoopback('pod.net'),
  'podman-socks': bridgeBetween('br0', 'veth.relay.net'),
  'podman-published': bridgeBetween('br1', 'veth.server.far', 'host.h2'),
  service: bridgeBetween('br.net.1', 'veth.client.net'),
  'service-iptables': bridgeBetween('br.net.1', 'veth.client.net'),
}
