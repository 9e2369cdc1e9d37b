import { describe, expect, it } from 'vitest'
import type { KubernetesObject } from '../resources.ts'
import type { Subject } from './subject.ts'

/** A definition whose objects may hold anything. */
export function definition(kind: string, scope: 'Namespaced' | 'Cluster'): KubernetesObject {
  const plural = `${kind.toLowerCase()}s`
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: {
      group: 'example.com',
      scope,
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  }
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

export function describeCustomResource(subject: () => Subject): void {
  describe('a custom resource', () => {
    it.each([
      ['Shop', 'Namespaced'],
      ['Planet', 'Cluster'],
    ] as const)('%s is served a moment after its definition', async (kind, scope) => {
      const object = definition(kind, scope)
      const { plural } = object.spec.names
      const namespace = await subject().namespace()
      const collection = `/apis/example.com/v1${scope === 'Cluster' ? '' : `/namespaces/${namespace}`}/${plural}`
      const custom = { apiVersion: 'example.com/v1', kind, metadata: { name: 'one' }, spec: { open: true } }

      expect((await subject().apply(`${collection}/one`, custom)).status).toBe(404)
      expect((await subject().apply(`${definitions}/${object.metadata.name}`, object)).status).toBe(201)
      const apply = async () => (await subject().apply(`${collection}/one`, custom)).status
      await expect.poll(apply, { timeout: 20_000 }).toBe(201)

      const { body } = await subject().server.request('GET', `${collection}/one`)
      expect(body).toMatchObject(custom)
      const { body: kinds } = await subject().server.request('GET', '/apis/example.com/v1')
      const found = kinds.resources.find((resource: KubernetesObject) => resource.name === plural)
      expect(found).toMatchObject({ kind, namespaced: scope === 'Namespaced' })
      const events = await subject().watch(collection, '')
      expect(events).toMatchObject([{ type: 'ADDED', object: custom }])
    })
  })
}
