import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { file, folder, pod, read, withSecret } from './fixture.ts'

describe('image and pod-name', () => {
  it.each([
    ['team/app', 'registry.d1.example.net/team/app:latest'],
    ['app:1', 'registry.d1.example.net/app:1'],
    ['team/app@sha256:abc', 'registry.d1.example.net/team/app@sha256:abc'],
    ['docker.io/library/nginx', 'docker.io/library/nginx:latest'],
    ['localhost/app', 'localhost/app:latest'],
    ['127.0.0.1:5000/team/app:1', '127.0.0.1:5000/team/app:1'],
  ])('make a Pod of %s', async (image, fullName) => {
    const { deploy } = await read({ ...withSecret, image, 'pod-name': 'web.v1', 'wait-timeout': '0' })
    expect(deploy).toEqual({
      waitTimeoutMs: 0,
      recreate: [],
      fromImage: true,
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'web.v1' },
          spec: { containers: [{ name: 'web-v1', image: fullName }] },
        },
      ],
    })
  })

  it('use the first host of docker-server', async () => {
    const provided = { 'docker-server': 'http://127.0.0.1:5000,b.example.com', image: 'team/app', 'pod-name': 'web' }
    expect((await read({ ...withSecret, ...provided })).deploy?.objects[0]).toMatchObject({
      spec: { containers: [{ name: 'web', image: '127.0.0.1:5000/team/app:latest' }] },
    })
  })
})

it('tells the kinds that are deleted and created again', async () => {
  const inputs = { ...withSecret, image: 'team/app', 'pod-name': 'web' }
  expect((await read({ ...inputs, 'recreate-jobs': 'true' })).deploy?.recreate).toEqual(['batch Job'])
  expect((await read({ ...inputs, 'recreate-pods': 'true' })).deploy?.recreate).toEqual(['v1 Pod'])
})

it('reads manifests from files, directories, globs and inline', async () => {
  const named = (name: string) => pod.replace('name: web', `name: ${name}`)
  for (const directory of ['manifests/more', 'globs']) mkdirSync(join(folder.path, directory), { recursive: true })
  const one = file('one.txt', named('one'))
  file('manifests/b.yml', named('b'))
  file('manifests/a.json', JSON.stringify(load(named('a'))))
  file('manifests/README.md', 'no manifest')
  file('manifests/more/c.yaml', named('c'))
  file('globs/2.yaml', named('two'))
  file('globs/1.yaml', named('first'))
  const provided = [one, join(folder.path, 'manifests'), join(folder.path, 'globs', '*.yaml')].join('\n')
  const { deploy } = await read({ ...withSecret, 'manifest-files': provided, manifest: named('inline') })
  expect(deploy?.objects.map(({ metadata }) => metadata.name)).toEqual(['one', 'a', 'b', 'first', 'two', 'inline'])
  expect(deploy?.waitTimeoutMs).toBe(300_000)
})
