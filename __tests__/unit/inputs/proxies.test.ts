import { describe, expect, it } from 'vitest'
import { readProxies } from '../../../src/inputs/proxies.ts'
import { Reader } from '../../../src/inputs/reader.ts'
import { config, errorsOf, withSecret } from './fixture.ts'

const proxiesOf = (environment: NodeJS.ProcessEnv) => {
  const { http, https, exceptions } = readProxies(new Reader({}), environment)
  return [http?.href, https?.href, exceptions]
}

describe('the variables of proxies', () => {
  it.each([
    [{}, [undefined, undefined, '']],
    [{ HTTP_PROXY: 'a', HTTPS_PROXY: 'b', NO_PROXY: 'c' }, ['http://a/', 'http://b/', 'c']],
    [{ http_proxy: 'a', https_proxy: 'b', no_proxy: 'c' }, ['http://a/', 'http://b/', 'c']],
    [{ HTTPS_PROXY: 'up', https_proxy: 'low', NO_PROXY: 'up', no_proxy: 'low' }, [undefined, 'http://up/', 'up']],
    [{ HTTPS_PROXY: '', https_proxy: 'low', NO_PROXY: '', no_proxy: 'low' }, [undefined, 'http://low/', 'low']],
    [{ HTTP_PROXY: 'a' }, ['http://a/', undefined, '']],
    [{ ALL_PROXY: 'a', all_proxy: 'a' }, [undefined, undefined, '']],
    [{ HTTPS_PROXY: ' https://b:1 ' }, [undefined, 'https://b:1/', '']],
    [{ HTTPS_PROXY: 'socks5h://b' }, [undefined, 'socks5h://b', '']],
  ])('are read as Go reads them: %j', (environment, expected) => {
    expect(proxiesOf(environment)).toEqual(expected)
  })

  it.each(['socks4://proxy', 'ftp://proxy', 'proxy:port', '   ://'])(
    'are rejected with their name: %s',
    async (value) => {
      const errors = await errorsOf({ ...withSecret, revoke: 'often' }, { https_proxy: value })
      expect(errors).toEqual([
        expect.stringMatching(/^Input `revoke` /),
        expect.stringMatching(/^Environment variable `https_proxy` is not the URL of a proxy/),
      ])
    },
  )

  it('may not be the URL of a proxy in a kubeconfig either', async () => {
    const kubeconfig = config.replace(/^( +)server: .*prod.*$/m, '$&\n$1proxy-url: ftp://jo:hunter2@proxy')
    expect(await errorsOf({ ...withSecret, kubeconfig })).toEqual([
      expect.stringMatching(
        /^Input `kubeconfig` has a `proxy-url` for its cluster "prod" that is not the URL of a proxy/,
      ),
    ])
  })
})
