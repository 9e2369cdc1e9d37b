import { asText } from '../core/json.ts'
import { type ApiObject, conditionOf } from '../kubernetes/object.ts'
import { printable } from '../runner/log.ts'
import { type Diagnosis, type DiagnosisContext, mostSevere } from './diagnosis.ts'
import { type ContainerStatus, containerStatuses } from './pod-status.ts'
import { diagnosePull, isPulling } from './pull-diagnosis.ts'
import { joinReasons } from './reason.ts'

/**
 * The kubelet's reasons for a waiting container, except those of a failed pull:
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go,
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/container/sync_result.go and
 * https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/kuberuntime_container.go.
 */
const WAITING_REASONS: Readonly<Record<string, Pick<Diagnosis, 'code' | 'severity' | 'hint'>>> = {
  InvalidImageName: {
    code: 'image-name-invalid',
    severity: 'terminal',
    hint: 'Correct the image in the manifest: host/repository:tag, with the repository in lower case.',
  },
  ErrImageNeverPull: {
    code: 'image-not-on-node',
    severity: 'terminal',
    hint: 'Load the image onto the node, or use another `imagePullPolicy` than Never.',
  },
  CrashLoopBackOff: {
    code: 'container-failed',
    severity: 'terminal',
    hint: 'The image was pulled, but its program exits. See `kubectl logs --previous`.',
  },
  CreateContainerConfigError: {
    code: 'container-config-invalid',
    severity: 'transient',
    hint: 'The image was pulled. Create what the message names in the namespace of the Pod, or correct the Pod.',
  },
  CreateContainerError: {
    code: 'container-start-failed',
    severity: 'transient',
    hint: 'The image was pulled. Correct the container in the manifest.',
  },
  RunContainerError: {
    code: 'container-start-failed',
    severity: 'transient',
    hint: 'The image was pulled. Correct the command of the container.',
  },
}

/** https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/security_context.go */
const RUNS_AS_ROOT = /runAsNonRoot and image /
const RUNS_AS_ROOT_HINT =
  'The image was pulled. The Pod demands a user other than root: build the image with a numeric `USER`, or set `runAsUser` in the manifest.'

/** Why a Pod does not run: the most severe problem of its containers and its scheduling. */
export function diagnosePod(pod: ApiObject, context: DiagnosisContext): Diagnosis | undefined {
  return mostSevere([
    ...containerStatuses(pod).flatMap((container) =>
      isPulling(container) ? diagnosePull(container, pod, context) : (diagnoseContainer(container, context) ?? []),
    ),
    ...diagnoseScheduling(pod),
  ])
}

function diagnoseContainer(
  { name, reason, message, lastTermination }: ContainerStatus,
  { isJob }: DiagnosisContext,
): Diagnosis | undefined {
  const known = Object.hasOwn(WAITING_REASONS, reason) ? WAITING_REASONS[reason] : undefined
  if (known === undefined) return undefined
  const { exitCode, reason: lastReason, message: lastMessage } = lastTermination
  const exit = typeof exitCode === 'number' ? `last exit code ${exitCode}` : undefined
  return {
    code: known.code,
    subject: `${name} ${reason}`,
    reason: printable(`container ${name}: ${joinReasons(reason, message, exit, lastReason, lastMessage)}`),
    hint: RUNS_AS_ROOT.test(message) ? RUNS_AS_ROOT_HINT : known.hint,
    severity: isJob && reason === 'CrashLoopBackOff' ? 'info' : known.severity,
    serverCode: reason,
  }
}

/** https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions */
function diagnoseScheduling(pod: ApiObject): Diagnosis[] {
  const scheduled = conditionOf(pod, 'PodScheduled')
  if (scheduled?.status !== 'False') return []
  return [
    {
      code: 'pod-unschedulable',
      subject: 'scheduling',
      reason: joinReasons(scheduled.reason, scheduled.message) ?? '',
      hint: 'No node can run the Pod. Compare what the Pod requests with the nodes in the message.',
      // A node can be added at any time.
      severity: 'info',
      serverCode: asText(scheduled.reason),
    },
  ]
}
