import { join } from 'node:path'

/**
 * A call of Podman that keeps everything in a folder, in a namespace that plays its host. nsenter leaves the mounts as they are (`ip netns
 * exec` hides the control groups).
 */
export function podmanIn(folder: string, namespace: string | null, argv: readonly string[]): string[] {
  const inside = namespace === null ? ['unshare', '--net'] : ['nsenter', `--net=/run/netns/${namespace}`]
  return [
    ...['env', `CONTAINERS_CONF=${join(folder, 'containers.conf')}`, ...inside],
    ...['podman', '--root', join(folder, 'root'), '--runroot', join(folder, 'state'), '--tmpdir', join(folder, 'tmp')],
    ...['--network-config-dir', join(folder, 'networks'), '--network-backend', 'netavark'],
    ...['--runtime', 'runc', '--runtime-flag', `root=${join(folder, 'runc')}`, '--cgroup-manager', 'cgroupfs'],
    ...['--events-backend', 'none', '--storage-driver', 'vfs', '--log-level', 'error'],
    ...argv,
  ]
}
