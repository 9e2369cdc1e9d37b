// The `status` that a kubelet writes for a Pod.

export interface Pod {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly uid: string
    readonly resourceVersion: string
    readonly deletionTimestamp?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: {
    readonly containers: readonly Container[]
    readonly nodeSelector?: Readonly<Record<string, string>>
    readonly imagePullSecrets?: readonly { readonly name: string }[]
  }
  readonly status?: { readonly phase?: string }
}

export interface Container {
  readonly name: string
  readonly image: string
}

type State = Readonly<Record<string, unknown>>

/** What is different from container to container. */
interface ContainerStatus {
  readonly ready: boolean
  readonly restartCount: number
  readonly state: State
  readonly lastState?: State
}

export const isRunning = (): ContainerStatus => ({
  ready: true,
  restartCount: 0,
  state: { running: { startedAt: now() } },
})

export const isWaiting = (reason: string, message: string): ContainerStatus => ({
  ready: false,
  restartCount: 0,
  state: { waiting: { reason, message } },
})

export const hasEnded = (exitCode: number): ContainerStatus => ({
  ready: false,
  restartCount: 0,
  state: { terminated: terminated(exitCode) },
})

export const isCrashing = ({ metadata: { name, namespace, uid } }: Pod, container: Container): ContainerStatus => ({
  ready: false,
  restartCount: 1,
  state: {
    waiting: {
      reason: 'CrashLoopBackOff',
      message: `back-off 10s restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`,
    },
  },
  lastState: { terminated: terminated(1) },
})

export function podStatus(
  pod: Pod,
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed',
  describe: (container: Container) => ContainerStatus,
): object {
  const containers = pod.spec.containers.map((container) => ({ ...container, ...describe(container) }))
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name)
  const readiness =
    unready.length === 0
      ? { status: 'True' }
      : phase === 'Succeeded'
        ? { status: 'False', reason: 'PodCompleted' }
        : {
            status: 'False',
            reason: 'ContainersNotReady',
            message: `containers with unready status: [${unready.join(' ')}]`,
          }
  return {
    phase,
    conditions: [
      condition('Initialized', { status: 'True' }),
      condition('Ready', readiness),
      condition('ContainersReady', readiness),
      condition('PodScheduled', { status: 'True' }),
    ],
    startTime: now(),
    containerStatuses: containers.map(({ name, image, ready, restartCount, state, lastState = {} }) => ({
      name,
      image,
      imageID: '',
      ready,
      started: 'running' in state,
      restartCount,
      state,
      lastState,
    })),
  }
}

/** As Kubernetes writes a time: to the second. */
export function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}

function condition(type: string, values: object): object {
  return { type, lastProbeTime: null, lastTransitionTime: now(), ...values }
}

function terminated(exitCode: number): object {
  return { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: now(), finishedAt: now() }
}
