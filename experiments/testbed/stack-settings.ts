/**
 * What each namespace of the testbed is set to, so that nothing is inherited from the machine: the defaults of Linux 6.18
 * (net/ipv4/tcp_ipv4.c, tcp_sk_init, and Documentation/networking/ip-sysctl.rst), and what the experiment says.
 */
import type { TcpSettings } from '../../models/topology/scenario.js'

const KERNEL_DEFAULTS: Readonly<Record<string, string>> = {
  'net.ipv4.tcp_rmem': '4096 131072 33554432',
  'net.ipv4.tcp_wmem': '4096 16384 4194304',
  'net.ipv4.tcp_timestamps': '1',
  'net.ipv4.tcp_sack': '1',
  'net.ipv4.tcp_window_scaling': '1',
  'net.ipv4.tcp_moderate_rcvbuf': '1',
  'net.ipv4.tcp_autocorking': '1',
  'net.ipv4.tcp_slow_start_after_idle': '1',
  'net.ipv4.tcp_no_metrics_save': '0',
  'net.ipv4.tcp_ecn': '2',
  'net.ipv4.tcp_recovery': '1',
  'net.ipv4.tcp_pingpong_thresh': '1',
  'net.ipv4.tcp_backlog_ack_defer': '1',
  'net.ipv4.tcp_rto_min_us': '200000',
  'net.ipv4.tcp_mtu_probing': '0',
  'net.ipv4.tcp_notsent_lowat': '4294967295',
  'net.ipv4.tcp_limit_output_bytes': '4194304',
  'net.ipv4.tcp_min_tso_segs': '2',
  'net.ipv4.tcp_early_demux': '1',
  'net.ipv4.udp_early_demux': '1',
  'net.ipv4.ip_early_demux': '1',
  'net.ipv4.ip_forward': '0',
  'net.ipv4.conf.all.rp_filter': '0',
  'net.ipv4.conf.default.rp_filter': '0',
  // Not a default: without it, router solicitations and duplicate-address checks stand in every device's counters.
  'net.ipv6.conf.all.disable_ipv6': '1',
  'net.ipv6.conf.default.disable_ipv6': '1',
}

/** Settings of one namespace, by sysctl name. */
export function stackSettings(
  tcp: TcpSettings,
  { holdsBridge, forwards }: { readonly holdsBridge: boolean; readonly forwards: boolean },
): Record<string, string> {
  return {
    ...KERNEL_DEFAULTS,
    'net.ipv4.tcp_congestion_control': tcp.congestionControl,
    // No redirects: they would stand in the counters of whoever forwards back the way that a packet came.
    ...(forwards
      ? { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.send_redirects': '0', 'net.ipv4.conf.default.send_redirects': '0' }
      : {}),
    ...(holdsBridge ? { 'net.bridge.bridge-nf-call-iptables': tcp.bridgeNfCallIptables ? '1' : '0' } : {}),
  }
}

/** `name = value` lines of sysctl(8), spaces as one. */
export function parseSettings(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes('='))
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=')
      return [
        line.slice(0, at).trim(),
        line
          .slice(at + 1)
          .trim()
          .replace(/\s+/g, ' '),
      ]
    }),
  )
}
