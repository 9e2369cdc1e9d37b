import { describe, expect, it } from 'vitest'
import { ROLLOUTS } from '../../../src/workload/rollout.ts'

const stateOf = (kind: string, spec: object, status: object) =>
  ROLLOUTS[kind]?.({ metadata: { generation: 2 }, spec, status: { observedGeneration: 2, ...status } })
const is = (type: string, change: object = {}) => ({ conditions: [{ type, status: 'True', ...change }] })
const partition = (partition: number) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition } } })
const onDelete = { updateStrategy: { type: 'OnDelete' } }

describe.each<[string, [title: string, spec: object, status: object, state: string][]]>([
  [
    'v1 Pod',
    [
      ['without status', {}, {}, 'the Pod is Pending, not ready yet'],
      ['running', {}, { phase: 'Running' }, 'the Pod is Running, not ready yet'],
      ['ready', {}, { phase: 'Running', ...is('Ready') }, 'ready'],
      [
        'ready before the change',
        {},
        { observedGeneration: 1, ...is('Ready') },
        'the change has not been observed yet',
      ],
      ['ready, without an observed generation', {}, { observedGeneration: undefined, ...is('Ready') }, 'ready'],
      ['completed', {}, { phase: 'Succeeded' }, 'ready'],
      ['failed without a reason', {}, { phase: 'Failed' }, 'failed: the Pod failed'],
    ],
  ],
  [
    'apps Deployment',
    [
      [
        'not observed',
        {},
        { observedGeneration: 1, updatedReplicas: 1, availableReplicas: 1 },
        'the change has not been observed yet',
      ],
      ['without status', {}, {}, '0 of 1 new replicas have been updated'],
      ['half updated', { replicas: 4 }, { updatedReplicas: 2 }, '2 of 4 new replicas have been updated'],
      [
        'with old replicas',
        { replicas: 2 },
        { replicas: 3, updatedReplicas: 2 },
        '1 old replicas are pending termination',
      ],
      [
        'not available',
        { replicas: 2 },
        { replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
        '1 of 2 updated replicas are available',
      ],
      ['available', { replicas: 2 }, { replicas: 2, updatedReplicas: 2, availableReplicas: 2 }, 'ready'],
      ['with no replicas', { replicas: 0 }, {}, 'ready'],
      [
        'paused before its change was rolled out',
        { replicas: 2, paused: true },
        { replicas: 2, availableReplicas: 2 },
        'the Deployment is paused (`spec.paused`): 0 of 2 new replicas have been updated',
      ],
      [
        'paused and past its progress deadline',
        { paused: true },
        is('Progressing', { status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }),
        'the Deployment is paused (`spec.paused`): ProgressDeadlineExceeded: timed out',
      ],
      [
        'paused when it was available',
        { replicas: 2, paused: true },
        { replicas: 2, updatedReplicas: 2, availableReplicas: 2 },
        'ready',
      ],
      [
        'past its progress deadline',
        {},
        is('Progressing', { status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out' }),
        'stuck: ProgressDeadlineExceeded: timed out',
      ],
    ],
  ],
  [
    'apps StatefulSet',
    [
      ['not observed', {}, { observedGeneration: 0, readyReplicas: 1 }, 'the change has not been observed yet'],
      ['not ready', { replicas: 3 }, { readyReplicas: 1 }, '1 of 3 Pods are ready'],
      [
        'with two revisions',
        { replicas: 3 },
        { readyReplicas: 3, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
        '1 of 3 Pods are updated',
      ],
      ['with one revision', {}, { readyReplicas: 1, currentRevision: 'a', updateRevision: 'a' }, 'ready'],
      [
        'whose partition is not updated',
        { replicas: 3, ...partition(1) },
        { readyReplicas: 3, updatedReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
        '1 of 2 Pods of the partition are updated',
      ],
      [
        'whose partition is updated',
        { replicas: 3, ...partition(1) },
        { readyReplicas: 3, updatedReplicas: 2, currentRevision: 'a', updateRevision: 'b' },
        'ready',
      ],
      [
        'with the strategy OnDelete',
        onDelete,
        { readyReplicas: 1, currentRevision: 'a', updateRevision: 'b' },
        'ready',
      ],
    ],
  ],
  [
    'apps DaemonSet',
    [
      ['not observed', {}, { observedGeneration: 1 }, 'the change has not been observed yet'],
      ['half updated', {}, { desiredNumberScheduled: 3, updatedNumberScheduled: 1 }, '1 of 3 Pods are updated'],
      [
        'not available',
        {},
        { desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 2 },
        '2 of 3 Pods are available',
      ],
      ['available', {}, { desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 }, 'ready'],
      ['with the strategy OnDelete', onDelete, { desiredNumberScheduled: 1, numberAvailable: 1 }, 'ready'],
    ],
  ],
  [
    'apps ReplicaSet',
    [
      ['not observed', {}, { observedGeneration: 1, readyReplicas: 1 }, 'the change has not been observed yet'],
      ['not ready', { replicas: 2 }, { readyReplicas: 1 }, '1 of 2 replicas are ready'],
      ['ready', { replicas: 2 }, { readyReplicas: 2 }, 'ready'],
    ],
  ],
  [
    'batch Job',
    [
      ['active', {}, { active: 1 }, '0 of 1 completions, 1 active'],
      ['suspended', { suspend: true }, {}, 'the Job is suspended'],
      ['complete', {}, is('Complete'), 'ready'],
      [
        'failed',
        {},
        is('Failed', { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }),
        'failed: BackoffLimitExceeded: Job has reached the specified backoff limit',
      ],
      ['with the condition Failed=False', {}, is('Failed', { status: 'False' }), '0 of 1 completions, 0 active'],
    ],
  ],
])('%s', (kind, cases) => {
  it.each(cases)('%s', (_, spec, status, expected) => {
    const state = stateOf(kind, spec, status)
    if (state === undefined || state.status === 'ready') expect(state?.status).toBe(expected)
    else {
      const prefix = state.status === 'failed' ? 'failed: ' : state.isStuck ? 'stuck: ' : ''
      expect(prefix + state.reason).toBe(expected)
    }
  })
})
