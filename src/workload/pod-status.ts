// https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states
import { asObject, asObjects, asText } from '../core/json.ts'
import type { ApiObject } from '../kubernetes/object.ts'
import { printable } from '../runner/log.ts'
import { joinReasons } from './reason.ts'

/** A container with the kubelet's reason and message for why it is waiting; both are empty when it is not. */
export interface ContainerStatus {
  readonly name: string
  readonly image: string
  readonly reason: string
  readonly message: string
  /** How its previous run ended. */
  readonly lastTermination: ApiObject
}

/** The status of all containers, in the order in which they start. */
export function containerStatuses({ spec, status }: ApiObject): ContainerStatus[] {
  const pod = asObject(spec)
  const { initContainerStatuses, containerStatuses, ephemeralContainerStatuses } = asObject(status)
  const containers = [pod.initContainers, pod.containers, pod.ephemeralContainers].flatMap(asObjects)
  const statuses = [initContainerStatuses, containerStatuses, ephemeralContainerStatuses].flatMap(asObjects)
  return statuses.map(({ name, image, state, lastState }) => {
    const { reason, message } = asObject(asObject(state).waiting)
    const container = containers.find((one) => one.name === name)
    return {
      name: asText(name) ?? '',
      // The status of a container may name its image in another form than the spec.
      image: asText(container?.image) ?? asText(image) ?? '',
      reason: asText(reason) ?? '',
      message: asText(message) ?? '',
      lastTermination: asObject(asObject(lastState).terminated),
    }
  })
}

/** How a container of a Pod failed. */
export interface FailedContainer {
  /** Such as `Error` or `OOMKilled`. */
  readonly serverCode: string | undefined
  readonly reason: string
}

/** The first container that exited with an error. */
export function failedContainer({ status }: ApiObject): FailedContainer | undefined {
  const { initContainerStatuses, containerStatuses } = asObject(status)
  for (const { name, state } of [...asObjects(initContainerStatuses), ...asObjects(containerStatuses)]) {
    const { exitCode, reason, message } = asObject(asObject(state).terminated)
    if (typeof exitCode !== 'number' || exitCode === 0) continue
    const termination = `${asText(reason) ?? 'terminated'}, exit code ${exitCode}`
    return {
      serverCode: asText(reason),
      reason: printable(`container ${asText(name)}: ${joinReasons(termination, message)}`),
    }
  }
  return undefined
}
