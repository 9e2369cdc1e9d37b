// A thousand errors, grouped by cause.
import { describe, expect, it } from 'vitest'
import { titleOf } from '../../../src/core/documentation.ts'
import { ActionError, type ErrorDetails } from '../../../src/core/errors.ts'
import { annotateErrors, causesOf } from '../../../src/report/annotations.ts'
import { errorText } from '../../../src/report/error-text.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

function forbidden(namespace: string, details: ErrorDetails = {}) {
  return new ActionError('cluster-access-denied', `Could not write ${namespace}/pull: returned 403`, {
    hint: `Grant patch in the namespace ${namespace}`,
    details: { cluster: 'prod', namespace, resource: 'secrets/pull', status: 403, serverCode: 'Forbidden', ...details },
  })
}

const linesOf = (...errors: ActionError[]) => causesOf(errors).map(errorText)

describe('errors', () => {
  it.each([
    [['a'], ''],
    [['a', 'a'], ''],
    [['a', 'b'], ' The same in 1 other namespace: b.'],
    [['a', 'b', 'c', 'd'], ' The same in 3 other namespaces: b, c, d.'],
    [['a', 'b', 'c', 'd', 'e'], ' The same in 4 other namespaces: b, c, d, …'],
  ])('that differ only in their namespace are grouped: %j', (namespaces, others) => {
    const line = `Could not write a/pull: returned 403.${others} Grant patch in the namespace a.`
    expect(linesOf(...namespaces.map((name) => forbidden(name)))).toEqual([line])
  })

  it('are counted in thousands', () => {
    const [line, ...more] = linesOf(...Array.from({ length: 1001 }, (_, index) => forbidden(`team-${index}`)))
    expect(more).toEqual([])
    expect(line).toMatch(
      /The same in 1,000 other namespaces: team-1, team-2, team-3, … Grant patch in the namespace team-0\.$/,
    )
  })

  it.each<[string, ErrorDetails]>([
    ['another cluster', { cluster: 'stage' }],
    ['another status', { status: 422 }],
    ["another of the server's codes", { serverCode: 'Conflict' }],
    ['another object', { resource: 'serviceaccounts/default' }],
    ['another host', { host: 'other' }],
    ['its own manifest', { manifest: 'kind: Role' }],
  ])('that differ in another field are not grouped: %s', (_, details) => {
    const all = [forbidden('a'), forbidden('b', details)]
    expect(causesOf(all)).toEqual(all)
  })

  it('with different codes are not grouped', () => {
    const all = [forbidden('a'), new ActionError('workload-failed', 'b', { details: forbidden('b').details })]
    expect(causesOf(all)).toEqual(all)
  })

  it('without a namespace are grouped only when their texts are equal', () => {
    const [down, other] = ['The cluster prod is down', 'Another'].map(
      (text) => new ActionError('cluster-unreachable', text),
    )
    expect(causesOf([down, down, other] as ActionError[])).toEqual([down, other])
  })

  it('keep their code and their details when they are grouped', () => {
    const [joined] = causesOf([forbidden('a'), forbidden('b')])
    expect(joined).toMatchObject({ code: 'cluster-access-denied', details: forbidden('a').details })
  })
})

describe('annotations', () => {
  const errors = (count: number) =>
    Array.from({ length: count }, (_, index) => new ActionError('timeout', `Error ${index + 1}`))
  const texts = (count: number) =>
    errors(count).map(({ message }) =>
      expect.stringMatching(`^${message}\\. See https://.+/troubleshooting\\.md#timeout$`),
    )

  it('have a title and a link, as many as GitHub shows', () => {
    using captured = captureLog()
    annotateErrors(errors(10))
    expect(captured.log.annotations.map(({ message }) => message)).toEqual(texts(10))
    for (const { properties } of captured.log.annotations) expect(properties).toEqual({ title: 'Timeout' })
    expect(captured.lines).toHaveLength(10)
  })

  it('that GitHub would drop are in a group of the log, and the last annotation points there', () => {
    using captured = captureLog()
    annotateErrors(errors(1200))
    const messages = captured.log.annotations.map(({ message }) => message)
    expect(messages.slice(0, 9)).toEqual(texts(9))
    expect(messages.slice(9)).toEqual([
      expect.stringMatching(/^And 1,191 more errors: they are in the log of this step/),
    ])
    const folded = captured.log.text.split('\n').slice(9, 1201)
    expect(folded[0]).toBe('1,191 more errors')
    expect(folded.at(-1)).toMatch(/^ {2}Error 1200\. See https:/)
  })

  it.each([
    ['registry-access-denied', 'Registry access denied'],
    ['api-key-locked', 'API key locked'],
    ['oidc-unreachable', 'OIDC unreachable'],
    ['cli-login-failed', 'CLI login failed'],
  ] as const)('of %s have the title %s', (code, title) => {
    expect(titleOf(code)).toBe(title)
  })
})
