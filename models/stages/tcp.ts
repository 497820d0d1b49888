import type { CostLaw } from './law.js'

/**
 * Building and queueing one packet, IP output included; one that holds more than a segment (GSO) costs extra, once. Per byte: the page
 * fragments that TCP's send queue takes, beside the copy itself (`socket.send`).
 * Kernel: tcp_write_xmit(), __tcp_transmit_skb(), __ip_queue_xmit().
 */
export const tcpTransmit: CostLaw = {
  stage: 'tcp.transmit',
  context: 'system call',
  per: ['perPacketNs', 'perSuperPacketNs', 'perByteNs'],
  evidence: 'traced',
  witness: 'net:net_dev_queue',
  kernel: 'tcp_write_xmit(), __tcp_transmit_skb(), __ip_queue_xmit()',
}

/** Building a pure acknowledgement (delayed, immediate or window update). Kernel: tcp_send_ack(). */
export const tcpAcknowledge: CostLaw = {
  stage: 'tcp.acknowledge',
  context: 'softirq',
  per: ['perAckNs'],
  evidence: 'traced',
  witness: 'net:net_dev_queue (length without payload)',
  kernel: 'tcp_send_ack(), __tcp_transmit_skb()',
}

/** IP input and the socket's receive processing of one super-packet, or of one pure acknowledgement; per recv() call what TCP
 * does beyond UDP (socket lock, tcp_cleanup_rbuf(), tcp_rcv_space_adjust()). Kernel: tcp_v4_rcv(), tcp_rcv_established(), tcp_ack(). */
export const tcpReceive: CostLaw = {
  stage: 'tcp.receive',
  context: 'softirq',
  per: ['perPacketNs', 'perAckNs', 'perCallNs'],
  evidence: 'traced',
  witness: 'sock:sk_data_ready',
  kernel: 'ip_rcv(), tcp_v4_rcv(), tcp_rcv_established()',
}
