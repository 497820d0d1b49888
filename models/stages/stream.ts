import type { CostLaw } from './law.js'

/**
 * What iperf3 does between its reads and writes: select() on its sockets and the loop around it. Its client asks once for every ten writes, its server
 * once for each block. Kernel: do_select(), tcp_poll(). Program: iperf3 3.12, iperf_run_client(), iperf_run_server().
 */
export const streamSelect: CostLaw = {
  stage: 'stream.select',
  context: 'system call',
  per: ['perCallNs'],
  evidence: 'traced',
  witness: 'syscalls:sys_enter_pselect6',
  kernel: 'do_select(), tcp_poll()',
  optional: true,
}

/**
 * A stream's bytes on their way into the kernel, beside what the copy of a message costs (`socket.send`, `tcp.transmit`): its pages are taken and given
 * back all the time. Kernel: tcp_sendmsg_locked(), sk_page_frag_refill().
 */
export const streamSend: CostLaw = {
  stage: 'stream.send',
  context: 'system call',
  per: ['perByteNs'],
  evidence: 'unobservable',
  witness: 'no counter in a guest; the copy is part of the write call',
  kernel: 'tcp_sendmsg_locked(), skb_page_frag_refill()',
  optional: true,
}

/**
 * What lies in the second-level cache no longer: a stream's bytes that are read after more has been written than it holds, with their packets' own
 * memory (sk_buff, its fragments, its pages' descriptors), and buffers of programs that come back to them after as much.
 * Kernel: tcp_recvmsg_locked(), skb_copy_datagram_iter().
 */
export const streamCold: CostLaw = {
  stage: 'stream.cold',
  context: 'system call',
  per: ['perByteNs', 'perPacketNs'],
  evidence: 'unobservable',
  witness: 'no counter in a guest; the copy is part of the read call',
  kernel: 'tcp_recvmsg_locked(), skb_copy_datagram_iter()',
  optional: true,
}
