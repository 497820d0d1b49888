/**
 * What is believed of every coefficient before a measurement: its order of magnitude, and by what factor that may be wrong.
 * Where the data tell a coefficient apart, they overrule this; where only sums are seen, it says how a sum splits, and the covariance says
 * how little is known of the split. Sources: KERNEL observations of this kernel (orders of magnitude), XDP paper data (CoNEXT'18) for hooks.
 */
import { coefficientNames } from '../stages/index.js'

export interface Belief {
  readonly mean: number
  /** Standard deviation, same unit. */
  readonly deviation: number
}

const means: Readonly<Record<string, number>> = {
  'instrument.client.perMessageNs': 100,
  'seccomp.filter.perCallNs': 30,
  'seccomp.filter.perProgramNs': 30,
  'seccomp.filter.perRuleNs': 1,
  'socket.send.perCallNs': 1000,
  'socket.send.perByteNs': 0.04,
  'tcp.transmit.perPacketNs': 900,
  'tcp.transmit.perSuperPacketNs': 300,
  'tcp.transmit.perByteNs': 0.03,
  'udp.transmit.perPacketNs': 600,
  'udp.transmit.perFragmentNs': 300,
  'unix.transmit.perPacketNs': 300,
  'unix.transmit.perFragmentNs': 200,
  'unix.transmit.perByteNs': 0.02,
  'loopback.transmit.perPacketNs': 400,
  'veth.transmit.perPacketNs': 400,
  'veth.transmit.perNamespaceNs': 200,
  'veth.transmit.perByteNs': 0.005,
  'macvlan.transmit.perPacketNs': 700,
  'macvlan.transmit.perByteNs': 0.005,
  'bpf.redirect.perPacketNs': 300,
  'bridge.forward.perPacketNs': 500,
  'bridge.input.perPacketNs': 400,
  'bridge.output.perPacketNs': 400,
  'netfilter.hook.perPacketNs': 500,
  'conntrack.lookup.perPacketNs': 250,
  'conntrack.lookup.perSegmentNs': 50,
  'nat.translate.perPacketNs': 200,
  'ip.forward.perPacketNs': 300,
  'ip.forward.perCopyNs': 150,
  'nftables.chain.perPacketNs': 150,
  'nftables.chain.perRuleNs': 8,
  'iptables.chain.perPacketNs': 150,
  'iptables.chain.perRuleNs': 8,
  'iptables.chain.perMatchNs': 80,
  'vxlan.encapsulate.perPacketNs': 1000,
  'vxlan.encapsulate.perSuperPacketNs': 600,
  'vxlan.encapsulate.perByteNs': 0.005,
  'vxlan.decapsulate.perPacketNs': 800,
  'vxlan.decapsulate.perGroNs': 300,
  'tcp.receive.perPacketNs': 900,
  'tcp.receive.perAckNs': 500,
  'tcp.receive.perCallNs': 100,
  'udp.receive.perPacketNs': 600,
  'udp.receive.perFragmentNs': 300,
  'udp.receive.perLookupNs': 200,
  'unix.receive.perByteNs': 0.02,
  'tcp.acknowledge.perAckNs': 500,
  'socket.wakeup.perWakeupNs': 400,
  'socket.wakeup.perEnqueueNs': 200,
  'socket.wakeup.perRemoteWakeupNs': 3000,
  'interrupt.deliver.perWakeupNs': 3000,
  'idle.exit.perWakeupNs': 10000,
  'cache.refill.perProcessNs': 30000,
  'context.switch.perSwitchNs': 1200,
  'context.switch.perSleepNs': 500,
  'control-group.schedule.perSwitchNs': 300,
  'proxy.relay.perCallNs': 800,
  'proxy.relay.dante.perCallNs': 2000,
  'proxy.relay.haproxy.perCallNs': 1500,
  'proxy.relay.nginx.perCallNs': 1000,
  'proxy.relay.socat.perCallNs': 2000,
  'socket.receive.perCallNs': 600,
  'socket.receive.perByteNs': 0.04,
  'instrument.server.perMessageNs': 100,
  'instrument.server.own.perMessageNs': 10,
  'timer.expire.perWakeupNs': 30_000,
  'namespace.create.perStartNs': 300_000,
  'device.register.perDeviceNs': 150_000,
  'address.assign.perStartNs': 100_000,
  'carrier.watch.perStartNs': 50_000,
  'plugin.call.perStartNs': 20_000_000,
  'grace.wait.perStartNs': 2_000_000,
  'container.run.perStartNs': 200_000_000,
  'container.wait.perStartNs': 20_000_000,
  'first.wait.perStartNs': 1_000_000,
  'first.exchange.perStartNs': 100_000,
  'socket.create.perConnectionNs': 2000,
  'tcp.connect.perConnectionNs': 8000,
  'tcp.accept.perConnectionNs': 2000,
  'tcp.close.perConnectionNs': 3000,
  'proxy.serve.microsocks.perConnectionNs': 50_000,
  'proxy.serve.dante.perConnectionNs': 300_000,
  'proxy.serve.haproxy.perConnectionNs': 20_000,
  'proxy.serve.nginx.perConnectionNs': 20_000,
  'proxy.serve.socat.perConnectionNs': 500_000,
  'stream.select.perCallNs': 600,
  'stream.send.perByteNs': 0.02,
  'stream.cold.perByteNs': 0.05,
  'stream.cold.perPacketNs': 800,
  'http.client.perMessageNs': 1500,
  'http.server.perMessageNs': 2500,
  'http.server.perByteNs': 0.05,
  'proxy.http.haproxy.perMessageNs': 6000,
  'proxy.http.haproxy.perByteNs': 0.05,
  'proxy.http.nginx.perMessageNs': 6000,
  'proxy.http.nginx.perByteNs': 0.05,
}

/** A factor of two either way is one standard deviation. */
const RELATIVE_DEVIATION = 0.7

export function priorBeliefs(): Belief[] {
  return coefficientNames.map((name) => {
    const mean = means[name]
    if (mean === undefined) throw new RangeError(`no prior belief about ${name}`)
    return { mean, deviation: mean * RELATIVE_DEVIATION }
  })
}
