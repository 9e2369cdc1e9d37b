import { describe, expect, it } from 'vitest'
import { ActionError } from '../../../src/core/errors.ts'
import { HttpError } from '../../../src/http/errors.ts'
import type { Cluster } from '../../../src/kubernetes/client.ts'
import type { NamespaceChoice } from '../../../src/pull-secret/namespaces.ts'
import { failedTarget, type TargetState } from '../../../src/pull-secret/target.ts'
import { withoutVanished } from '../../../src/pull-secret/vanished.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const cluster = { name: 'prod' } as Cluster
const staying: TargetState = { cluster, namespace: 'stays', status: 'ready', stored: { kind: 'absent' } }
const failedWith = (error: Error, namespace = 'pr-1') => failedTarget({ cluster, namespace }, error)
const notFound = (message: string) =>
  new HttpError(
    { service: 'cluster', operation: 'write', from: 'PATCH https://k', host: 'k' },
    { status: 404, body: JSON.stringify({ message }) },
  )

const GONE = 'Skipped namespace pr-1 of cluster prod: it was deleted during the run.'
const TERMINATING = 'Skipped namespace pr-1 of cluster prod: it is terminating.'

const any: NamespaceChoice = { patterns: ['pr-*'], selector: undefined }
const selector = { text: 'team=a', matches: () => true }

describe('a target whose namespace vanishes during the run', () => {
  it.each([
    ['is terminating', new ActionError('namespace-terminating', 'x'), TERMINATING],
    ['does not exist', new ActionError('namespace-not-found', 'x'), GONE],
    ['was not found by the API server', notFound('namespaces "pr-1" not found'), GONE],
  ])('is skipped with a line in the log: it %s', (_, error, line) => {
    using captured = captureLog()
    expect(withoutVanished([failedWith(error), staying], any)).toEqual([staying])
    expect(captured.log.text.trim()).toBe(line)
  })

  const missing = failedWith(notFound('namespaces "pr-1" not found'))

  it.each<[string, NamespaceChoice | undefined, boolean]>([
    ['a glob', any, true],
    ['all of them', { ...any, patterns: ['*', '!kube-*'] }, true],
    ['a selector', { patterns: [], selector }, true],
    ['a name that a selector may leave out', { patterns: ['pr-1'], selector }, true],
    ['its name', { ...any, patterns: ['pr-1', 'stays'] }, false],
    ['its name beside a glob', { ...any, patterns: ['pr-*', 'pr-1'] }, false],
    ['the context', { ...any, patterns: [] }, false],
    ['the manifests', { ...any, creation: { isRequested: false, inManifest: new Map([['pr-1', {}]]) } }, false],
  ])('is skipped according to how it was chosen: by %s', (_, choice, isSkipped) => {
    expect(withoutVanished([missing, staying], choice)).toEqual(isSkipped ? [staying] : [missing, staying])
  })

  it('stays an error when nothing else is left', () => {
    using captured = captureLog()
    expect(withoutVanished([missing], any)).toEqual([missing])
    expect(captured.log.text).toBe('')
  })

  it.each([
    ['another error', failedWith(new ActionError('cluster-unreachable', 'x'))],
    ['a missing secret', failedWith(notFound('secrets "pull" not found'))],
    ['no namespace that matches', failedWith(new ActionError('namespace-not-found', 'x'), '*')],
  ])('is not one with %s', (_, target) => {
    expect(withoutVanished([target, staying], any)).toEqual([target, staying])
  })
})
