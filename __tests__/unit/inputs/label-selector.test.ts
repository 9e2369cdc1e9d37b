import { describe, expect, it } from 'vitest'
import { parseSelector } from '../../../src/inputs/label-selector.ts'

/** As the API server's own parser: https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apimachinery/pkg/labels/selector_test.go */
describe('a label selector', () => {
  it.each([
    'a',
    '!a',
    '! a',
    'a=b',
    'a = b',
    'a==b',
    'a!=b',
    'a=',
    'a!=',
    'a=,b=c',
    'a=b,tier!=test',
    'example.com/team=a',
    'a in (b)',
    'a in (b, c)',
    'a in(b,c)',
    'a notin (b,)',
    'a in (,)',
    'a in (b),!c,d',
    'in in (in)',
    'notin=in',
    'a>1',
    'a < 5',
    '\ta\n=\tb ',
  ])('%j is valid', (selector) => {
    expect(() => parseSelector(selector)).not.toThrow()
  })

  it.each([
    ['=x', 'at character 1 "=" follows instead of a label key'],
    ['a in (', 'at character 7 it ends instead of a value'],
    ['a in ()', 'at character 7 ")" follows instead of a value'],
    ['a in (b', 'at character 8 it ends instead of a comma or a closing parenthesis'],
    ['a in (b c)', 'at character 9 "c" follows instead of a comma or a closing parenthesis'],
    ['a in b', 'at character 6 "b" follows instead of an opening parenthesis'],
    ['a in', 'at character 5 it ends instead of an opening parenthesis'],
    ['a b', 'at character 3 "b" follows instead of one of =, !=, in, notin, <, > and a comma'],
    ['a=b c', 'at character 5 "c" follows instead of a comma'],
    ['a==b==c', 'at character 5 "==" follows instead of a comma'],
    ['a=b,', 'at character 5 it ends instead of a label key'],
    ['a,,b', 'at character 3 "," follows instead of a label key'],
    [',a', 'at character 1 "," follows instead of a label key'],
    ['!a=b', 'at character 3 "=" follows instead of a comma'],
    ['!!a', 'at character 2 "!" follows instead of a label key'],
    ['a!b', 'at character 2 "!" follows instead of one of =, !=, in, notin, <, > and a comma'],
    ['a=(b)', 'at character 3 "(" follows instead of a value'],
    ['a>x', '"x" at character 3 is not a whole number'],
    ['a>', 'at character 3 it ends instead of a whole number'],
    ['a=-b', '"-b" at character 3 is not a label value'],
    [`a=${'b'.repeat(64)}`, `"${'b'.repeat(64)}" at character 3 is not a label value`],
    ['a/b/c=d', '"a/b/c" at character 1 is not a label key'],
    ['team == "a"; tier', '""a";" at character 9 is not a label value'],
    ['', 'at character 1 it ends instead of a label key'],
  ])('%j is not: %s', (selector, problem) => {
    expect(() => parseSelector(selector)).toThrow(new Error(problem))
  })

  it('of a hundred thousand words ends', () => {
    expect(() => parseSelector('a,'.repeat(50_000))).toThrow('it ends instead of a label key')
    expect(() => parseSelector('('.repeat(100_000))).toThrow('character 1 ')
  })
})

describe('a label selector matches', () => {
  it.each<[string, Record<string, string>[], Record<string, string>[]]>([
    ['a', [{ a: 'b' }, { a: '' }], [{}, { b: 'a' }]],
    ['!a', [{}, { b: 'a' }], [{ a: '' }]],
    ['a=b', [{ a: 'b', c: 'd' }], [{ a: 'c' }, {}]],
    ['a==b', [{ a: 'b' }], [{}]],
    ['a=', [{ a: '' }], [{}, { a: 'b' }]],
    ['a!=b', [{ a: 'c' }, {}], [{ a: 'b' }]],
    ['a in (b,c)', [{ a: 'b' }, { a: 'c' }], [{ a: 'd' }, {}]],
    ['a notin (b,c)', [{ a: 'd' }, {}], [{ a: 'b' }]],
    ['a in (,)', [{ a: '' }], [{}, { a: 'b' }]],
    ['a>1', [{ a: '2' }, { a: '10' }], [{ a: '1' }, { a: 'x' }, { a: '' }, {}]],
    ['a<5', [{ a: '4' }, { a: '0' }], [{ a: '5' }, { a: 'x' }, {}]],
    ['a=b,!c,d in (e)', [{ a: 'b', d: 'e' }], [{ a: 'b', c: '', d: 'e' }, { a: 'b' }, { d: 'e' }]],
    ['constructor', [{ constructor: '' }], [{}]],
  ])('%s', (selector, matching, others) => {
    const { matches } = parseSelector(selector)
    expect(matching.filter((labels) => !matches(labels))).toEqual([])
    expect(others.filter(matches)).toEqual([])
  })
})
