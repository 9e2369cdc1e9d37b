import { expect, it } from 'vitest'
import { nearestNames } from '../../../src/core/nearest-names.ts'

it.each<[string, string[], string[]]>([
  ['ci-pul', ['other', 'ci-pull'], ['ci-pull']],
  ['CI-Pull', ['ci-pull'], ['ci-pull']],
  ['1.2', ['2', '1.2.3', '1.20', 'latest'], ['1.20', '1.2.3']],
  ['app', ['my-very-long-app-name', 'ap'], ['ap', 'my-very-long-app-name']],
  ['ci', ['production', 'audacious'], []],
  ['shop', ['shop2', 'shop2'], ['shop2']],
  ['', ['a'], []],
  ['team', [], []],
])('%j among %j: %j', (name, names, expected) => {
  expect(nearestNames(name, names)).toEqual(expected)
})

it('leaves out what is too long to be a name', () => {
  expect(nearestNames('xxx', ['x'.repeat(100_000)])).toEqual([])
})

it('returns five, the nearest first, of thousands', () => {
  const names = Array.from({ length: 20_000 }, (_, at) => `build-${at}`)
  expect(nearestNames('build-1234x', [...names, 'build-1234x'])).toEqual([
    'build-1234',
    ...['build-123', 'build-124', 'build-134', 'build-234'],
  ])
})

it('compares names as the caller wants it', () => {
  const options = {
    limit: 1,
    normalize: (name: string) => name.replace('-', ''),
    isNear: (edits: number) => edits === 0,
  }
  expect(nearestNames('kubeconfig', ['kube-config', 'kubeconfigs'], options)).toEqual(['kube-config'])
})
