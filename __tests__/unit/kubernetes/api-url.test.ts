import { expect, it } from 'vitest'
import { apiUrls } from '../../../src/kubernetes/api-url.ts'

const urlOf = apiUrls('https://example.com/k8s/clusters/a', 'prod')

it.each(['team=a,tier!=test', 'a b&c=d#e?f', '100%', '1+1', 'ä/🔑', ''])(
  'the value %j of a query arrives as it is',
  (value) => {
    const url = urlOf('/api/v1/secrets', { limit: '1', continue: value })
    expect(url.pathname).toBe('/k8s/clusters/a/api/v1/secrets')
    expect([...url.searchParams]).toEqual([
      ['limit', '1'],
      ['continue', value],
    ])
  },
)

it('half of a character, which a server may send as its token for the next page, is no error', () => {
  expect(urlOf('/api/v1/secrets', { continue: 'a\ud800b' }).searchParams.get('continue')).toBe('a\ufffdb')
})
