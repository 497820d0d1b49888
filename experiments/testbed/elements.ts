/** The catalogue of elements that a path may consist of: what Fairway builds, what it doesn't build yet, and what each needs. */

export interface CatalogueEntry {
  readonly name: string
  readonly kind: 'network' | 'service' | 'proxy' | 'isolation' | 'workload' | 'engine'
  /** What `examine` has tried or looked for, all of which must be there. */
  readonly needs: readonly string[]
  /** False: no experiment file can name it yet. */
  readonly isBuilt: boolean
  /** Programs that it needs beside what the testbed calls, with their Debian packages. */
  readonly programs?: Readonly<Record<string, string>>
  /** What the kernel must have, as `probe-kernel.ts` finds out. */
  readonly kernel?: KernelNeed
}

export type KernelNeed =
  | { readonly link: string }
  | { readonly qdisc: string }
  | { readonly file: string; readonly holds?: string }
  | { readonly map: string }

const built = (kind: CatalogueEntry['kind'], name: string, ...needs: string[]): CatalogueEntry => ({ name, kind, needs, isBuilt: true })

/** An element that nothing builds yet; it is looked for all the same. */
const unbuilt = (
  kind: CatalogueEntry['kind'],
  name: string,
  needed: Pick<CatalogueEntry, 'programs' | 'kernel'> & { readonly needs?: readonly string[] } = {},
): CatalogueEntry => ({ needs: [], ...needed, name, kind, isBuilt: false })

/** A plug-in is no program on the PATH. */
const cni = Object.fromEntries(
  ['bridge', 'ptp', 'macvlan', 'portmap'].map((name) => [`/usr/lib/cni/${name}`, 'containernetworking-plugins']),
)

export const CATALOGUE: readonly CatalogueEntry[] = [
  built('network', 'loopback in a shared namespace (pod)', 'shared'),
  built('network', "the host's own namespace", 'host'),
  built('network', 'veth pair', 'veth'),
  built('network', 'bridge', 'bridge', 'veth'),
  built('network', 'chain of bridges', 'bridge', 'veth'),
  built('network', 'bridge with bridge-nf-call-iptables', 'bridge', 'veth', 'bridge-nf-call-iptables'),
  built('network', 'routed, each hop a namespace', 'routed', 'veth'),
  built('network', 'routed through forwarding rules (nftables)', 'routed', 'nftables'),
  built('network', 'routed through forwarding rules (iptables)', 'routed', 'iptables'),
  built('network', 'macvlan (bridge mode, on a veth)', 'macvlan', 'veth'),
  built('network', 'VXLAN with bridges at its ends', 'overlay', 'bridge', 'veth'),
  built('network', 'VXLAN without bridges', 'overlay', 'veth'),
  built('network', 'VXLAN over several routed hops', 'overlay', 'routed', 'veth'),
  built('network', 'tc redirect between veth pairs (bpf_redirect_peer)', 'ebpf-redirect', 'veth'),
  built('network', 'published port, DNAT (nftables)', 'nftables', 'routed', 'bridge'),
  built('network', 'published port, DNAT (iptables)', 'iptables', 'routed', 'bridge'),
  built('network', 'masquerade', 'nftables', 'routed'),
  built('network', 'UDP with fragments', 'bridge', 'veth'),
  built('network', 'Unix-domain socket in a shared volume, stream', 'gcc', 'ss'),
  built('network', 'Unix-domain socket in a shared volume, datagram', 'gcc', 'ss'),
  built('network', 'hairpin', 'nftables', 'routed', 'bridge'),
  unbuilt('network', 'user-space network (slirp4netns)', { programs: { slirp4netns: 'slirp4netns' }, kernel: { file: '/dev/net/tun' } }),
  unbuilt('network', 'sockmap redirect between local sockets', {
    programs: { bpftool: 'bpftool', clang: 'clang' },
    kernel: { map: 'sockhash' },
  }),
  unbuilt('network', 'ipvlan', { kernel: { link: 'ipvlan' } }),
  unbuilt('network', 'geneve', { kernel: { link: 'geneve' } }),
  unbuilt('network', 'wireguard', { kernel: { link: 'wireguard' } }),
  unbuilt('network', 'ipip', { kernel: { link: 'ipip' } }),
  unbuilt('network', 'gre', { kernel: { link: 'gre' } }),
  unbuilt('network', 'netkit', { kernel: { link: 'netkit' } }),
  unbuilt('network', 'vrf', { kernel: { link: 'vrf' } }),
  unbuilt('network', 'loss and delay (netem)', { kernel: { qdisc: 'netem' } }),
  unbuilt('network', 'fair queueing (fq_codel)', { kernel: { qdisc: 'fq_codel' } }),
  built('service', 'virtual address over backends, nftables map', 'nftables', 'routed', 'bridge'),
  built('service', 'virtual address over backends, chain of iptables rules', 'iptables', 'routed', 'bridge'),
  unbuilt('service', 'virtual address over backends, user-space proxy', { programs: { haproxy: 'haproxy' } }),
  unbuilt('service', 'virtual address over backends, IPVS', { kernel: { file: '/proc/net/ip_vs' } }),
  built('proxy', 'SOCKS5, microsocks', 'microsocks', 'proxychains4'),
  built('proxy', 'chain of SOCKS5 proxies', 'microsocks', 'proxychains4'),
  built('proxy', 'SOCKS5 across an overlay', 'microsocks', 'proxychains4', 'overlay'),
  { ...built('proxy', 'SOCKS5, dante', 'proxychains4'), programs: { danted: 'dante-server' } },
  built('proxy', 'SOCKS5 with user name and password', 'microsocks', 'proxychains4'),
  { ...built('proxy', 'layer 4, HAProxy in TCP mode'), programs: { haproxy: 'haproxy' } },
  {
    ...built('proxy', 'layer 4, nginx stream'),
    programs: { nginx: 'nginx-light', '/usr/lib/nginx/modules/ngx_stream_module.so': 'libnginx-mod-stream' },
  },
  { ...built('proxy', 'layer 4, socat'), programs: { socat: 'socat' } },
  {
    ...built('proxy', 'chain of relays at layer 4 and SOCKS5', 'proxychains4'),
    programs: { nginx: 'nginx-light', danted: 'dante-server' },
  },
  { ...built('proxy', 'layer 7, nginx'), programs: { nginx: 'nginx-light', wrk: 'wrk' } },
  { ...built('proxy', 'layer 7, HAProxy in HTTP mode'), programs: { haproxy: 'haproxy', nginx: 'nginx-light', wrk: 'wrk' } },
  { ...built('proxy', 'sidecar pair', 'shared'), programs: { haproxy: 'haproxy' } },
  built('isolation', "rules before the packet's own (nftables)", 'nftables', 'routed'),
  built('isolation', "rules before the packet's own (iptables)", 'iptables', 'routed'),
  built('isolation', 'conntrack on and off', 'nftables', 'routed'),
  built('isolation', 'scheduling policy (other, batch)', 'SCHED_BATCH'),
  built('isolation', 'idle state (as found, never idle)', 'idle: never'),
  unbuilt('isolation', 'conntrack table size', { kernel: { file: '/proc/sys/net/netfilter/nf_conntrack_buckets' } }),
  {
    ...built('isolation', "seccomp, an engine's default profile"),
    programs: { podman: 'podman', runc: 'runc' },
    kernel: { file: '/proc/self/status', holds: 'Seccomp_filters' },
  },
  {
    ...built('isolation', 'seccomp, rules that read arguments'),
    programs: { podman: 'podman', runc: 'runc' },
    kernel: { file: '/proc/self/status', holds: 'Seccomp_filters' },
  },
  {
    ...built('isolation', "control group membership, an engine's"),
    programs: { podman: 'podman', runc: 'runc' },
    kernel: { file: '/proc/self/cgroup' },
  },
  { ...built('isolation', 'control group quota'), kernel: { file: '/sys/fs/cgroup/cpu/cpu.cfs_quota_us' } },
  built('workload', 'ping-pong', 'sockperf'),
  built('workload', 'open loop (constant, Poisson)', 'gcc'),
  built('workload', 'start-up', 'shared', 'gcc'),
  built('workload', 'connection set-up', 'gcc'),
  { ...built('workload', 'HTTP/1.1, keep-alive (wrk, nginx)', 'shared'), programs: { wrk: 'wrk', nginx: 'nginx-light' } },
  { ...built('workload', 'stream (iperf3)', 'shared'), programs: { iperf3: 'iperf3' } },
  built('engine', 'netns', 'shared', 'veth'),
  { ...built('engine', 'CNI plugins (bridge, ptp, macvlan, portmap)', 'bridge', 'routed', 'macvlan', 'iptables'), programs: cni },
  {
    ...built('engine', 'Podman (bridge, host, pod, published port)', 'bridge', 'iptables'),
    programs: { podman: 'podman', runc: 'runc', '/usr/lib/podman/netavark': 'netavark' },
  },
]
