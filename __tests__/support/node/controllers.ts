// The real controllers and scheduler.
import { fetch } from 'undici'
import { type Binary, requireBinary } from '../binaries.ts'
import { type ServerProcess, startServerProcess } from '../http/server-process.ts'

/** No service accounts: without their keys, they would get no tokens for their Pods to mount. */
const CONTROLLERS = [
  'cronjob',
  'daemonset',
  'deployment',
  'garbagecollector',
  'job',
  'namespace',
  'nodelifecycle',
  'podgc',
  'replicaset',
  'statefulset',
]

/** @param kubeconfig path of the administrator's */
export async function startControllers(kubeconfig: string): Promise<AsyncDisposable> {
  await using resources = new AsyncDisposableStack()
  const flags = [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--address=127.0.0.1', '--secure-port=0']
  resources.use(await start('kube-scheduler', flags))
  resources.use(await start('kube-controller-manager', [...flags, `--controllers=${CONTROLLERS.join()}`]))
  return resources.move()
}

function start(name: Binary, flags: readonly string[]): Promise<ServerProcess> {
  return startServerProcess({
    command: requireBinary(name),
    args: (port) => [...flags, `--port=${port}`],
    isReady: async (port) => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok,
  })
}
