import { describe, expect, it } from 'vitest'
import { pullSecret, Subject, secretsOf } from './conformance/subject.ts'
import { startFakeApiServer } from './fake-api-server.ts'
import { follow } from './follow.ts'
import type { KubernetesObject } from './resources.ts'

const secrets = secretsOf('default')
const labelOf = (object: KubernetesObject | undefined) => object?.metadata.labels?.count

async function serverWith(...names: string[]) {
  const server = await startFakeApiServer()
  const subject = new Subject(server)
  const write = (name: string, count: string) =>
    subject.apply(`${secrets}/${name}`, { ...pullSecret(name), metadata: { name, labels: { count } } })
  for (const name of names) await write(name, '0')
  return Object.assign(server, { write })
}

describe('follow', () => {
  it('knows each version of one object, until it is deleted', async () => {
    await using server = await serverWith('pull', 'other')
    const versions: (string | undefined)[] = []
    await using followed = await follow(server, secrets, 'pull', (version) => versions.push(labelOf(version)))
    expect(labelOf(followed.first)).toBe('0')
    for (const count of ['1', '2']) for (const name of ['pull', 'other']) await server.write(name, count)
    await server.request('DELETE', `${secrets}/pull`)
    await expect.poll(() => versions).toEqual(['1', '2', undefined])
  })

  it('begins where the collection is, since the server forgets the version of an object that has not changed', async () => {
    await using server = await serverWith('pull', 'other')
    await using _ = await follow(server, secrets, 'pull', () => {})
    const { body: list } = await server.request('GET', secrets)
    expect(server.journal.map(({ query }) => query.get('resourceVersion'))).toContain(list.metadata.resourceVersion)
  })

  it('throws when it is disposed after it missed versions', async () => {
    await using server = await serverWith('pull')
    const unread = await follow(server, secrets, 'pull', () => {
      throw new Error('unreadable')
    })
    await server.write('pull', '1')
    await expect.poll(() => unread.failure()).toBeDefined()
    await expect(unread[Symbol.asyncDispose]()).rejects.toThrow('unreadable')

    const cut = await follow(server, secrets, 'pull', () => {})
    await server[Symbol.asyncDispose]()
    await expect.poll(() => cut.failure()).toBeDefined()
    await expect(cut[Symbol.asyncDispose]()).rejects.toThrow()
  })
})
