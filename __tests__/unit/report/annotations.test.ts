// A thousand failures, told by their causes.
import { describe, expect, it } from 'vitest'
import { explain, Failure, Failures } from '../../../src/core/errors.ts'
import { causesOf, tellErrors } from '../../../src/report/annotations.ts'
import { captureLog } from '../../support/runner/captured-log.ts'

const forbidden = (namespace: string, cluster = 'prod') => ({
  namespace,
  failure: new Failure(`Could not write ${namespace}/pull in ${cluster}: answered 403`, {
    cure: `Grant patch in the namespace ${namespace}`,
  }),
})

function sentencesOf(...failed: Parameters<typeof causesOf>[0]): string[] {
  return causesOf(failed).flatMap(explain)
}

describe('failures', () => {
  it.each([
    [['a'], ''],
    [['a', 'b'], ' The same in 1 other namespace: b.'],
    [['a', 'b', 'c', 'd'], ' The same in 3 other namespaces: b, c, d.'],
    [['a', 'b', 'c', 'd', 'e'], ' The same in 4 other namespaces: b, c, d, …'],
  ])('that differ in their namespace alone are one: %j', (namespaces, others) => {
    const usual = 'Could not write a/pull in prod: answered 403. Grant patch in the namespace a.'
    expect(sentencesOf(...namespaces.map((name) => forbidden(name)))).toEqual([usual + others])
  })

  it('are counted in thousands', () => {
    const [sentence, ...more] = sentencesOf(...Array.from({ length: 1001 }, (_, index) => forbidden(`team-${index}`)))
    expect(more).toEqual([])
    expect(sentence).toMatch(/The same in 1,000 other namespaces: team-1, team-2, team-3, …$/)
  })

  it.each([
    ['another cluster', forbidden('b', 'stage')],
    ['another answer', { namespace: 'b', failure: new Failure('Could not write b/pull in prod: answered 500') }],
    ['a part of a name', { ...forbidden('b-a'), namespace: 'b' }],
  ])('that differ in more stay apart: %s', (_, other) => {
    const all = [forbidden('a'), other]
    expect(sentencesOf(...all)).toEqual(all.flatMap(({ failure }) => explain(failure)))
  })

  it('that are one for many namespaces stay what they are', () => {
    const failure = new Failure('The cluster prod is down')
    expect(causesOf(['a', 'b', 'c'].map((namespace) => ({ namespace, failure })))).toEqual([failure])
  })

  it('of several sentences keep all of them', () => {
    const several = (name: string) => ({
      namespace: name,
      failure: new Failures([new Failure(`First in ${name}`), new Failure('Second')], ''),
    })
    expect(sentencesOf(several('a'), several('b'))).toEqual(['First in a. Second. The same in 1 other namespace: b.'])
  })
})

describe('errors', () => {
  const errors = (count: number) => Array.from({ length: count }, (_, index) => `Error ${index + 1}.`)

  it('are annotations, as many as GitHub shows', () => {
    using captured = captureLog()
    tellErrors(errors(10))
    expect(captured.log.annotations.map(({ message }) => message)).toEqual(errors(10))
    expect(captured.lines).toHaveLength(10)
  })

  it('of which GitHub would drop some are folded, and the last annotation says so', () => {
    using captured = captureLog()
    tellErrors(errors(1200))
    const messages = captured.log.annotations.map(({ message }) => message)
    expect(messages.slice(0, 9)).toEqual(errors(9))
    expect(messages.slice(9)).toEqual([
      'And 1,191 more errors: they are in the log of this step, in a group of that name.',
    ])
    const folded = captured.log.text.split('\n').slice(9, 1201)
    expect(folded).toEqual([
      '1,191 more errors',
      ...errors(1200)
        .slice(9)
        .map((error) => `  ${error}`),
    ])
  })
})
