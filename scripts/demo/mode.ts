import type { FakeIbm } from '../../__tests__/support/ibm/environment.ts'
import type { RunningStep, StepOptions, StepResult } from '../../__tests__/support/runner/runner.ts'
import type { DemoCluster, LocalCluster } from './cluster.ts'

/** The pull secret of all demos. */
export const SECRET = 'team-registry'

/** What a demo has shown, and whether it is true. */
export type Fact = readonly [fact: string, holds: boolean]

export interface Mode {
  /** For the help: without a subject. */
  readonly description: string
  readonly introduction: string
  /** The namespaces that the cluster has at the start. */
  readonly namespaces: readonly [string, ...string[]]
  /** @returns what has to be true at the end */
  show(session: Session): Promise<readonly Fact[]>
}

/** The servers of a demo, and the steps that it runs. */
export interface Session<Cluster extends DemoCluster = LocalCluster> {
  readonly ibm: FakeIbm
  readonly cluster: Cluster
  /** Runs a step and prints its log. The title is that of its summary on the page. */
  run(title: string, options: StepOptions): Promise<StepResult>
  start(title: string, options: StepOptions): RunningStep
}

/** The inputs of a rotation of `SECRET` by `provider: dedicated`, without the cluster. */
export function dedicatedStep({ ibm, cluster }: Session<DemoCluster>): Record<string, string> {
  return {
    'api-endpoint': ibm.api,
    'registry-endpoint': ibm.registry,
    'api-key': ibm.login.apiKey,
    organization: ibm.organization.name,
    'secret-name': SECRET,
    'verify-image': `${ibm.image.repository}:${ibm.image.tag}`,
    kubeconfig: cluster.kubeconfig,
  }
}
