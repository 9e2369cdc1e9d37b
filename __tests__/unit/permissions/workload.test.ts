import { describe, expect, it } from 'vitest'
import { requirements } from '../../../src/permissions/workload.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { connectTo } from '../../support/connect-to.ts'
import { definition } from '../../support/kubernetes/conformance/custom-resource.ts'
import { startStandIn } from '../../support/kubernetes/fake-api-server.ts'

const manifest = (...objects: object[]) =>
  parseManifest(objects.map((object) => JSON.stringify(object)).join('\n---\n'), 'the manifest')
const object = (apiVersion: string, kind: string, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name: 'web', ...(namespace && { namespace }) },
})

describe('a manifest', () => {
  const usual = { isAwaited: true, recreatePods: false }

  async function rightsFor(objects: readonly object[], options = usual, namespaces = ['a']): Promise<string[]> {
    await using server = await startStandIn()
    const rights = await requirements(connectTo(server), manifest(...objects), namespaces, options)
    return rights.map(({ group, resource, verb, namespace, name }) =>
      [verb, `${resource}${group && `.${group}`}`, name, 'in', namespace].join(' '),
    )
  }

  it('of a Pod needs to create and patch it, and to get what is waited for', async () => {
    const pod = object('v1', 'Pod')
    expect(await rightsFor([pod])).toEqual(['get pods web in a', 'create pods web in a', 'patch pods web in a'])
    expect(await rightsFor([pod], { isAwaited: false, recreatePods: false })).toEqual([
      'create pods web in a',
      'patch pods web in a',
    ])
    expect(await rightsFor([pod], { isAwaited: false, recreatePods: true })).toEqual([
      'get pods web in a',
      'create pods web in a',
      'patch pods web in a',
      'delete pods web in a',
    ])
  })

  it('needs rights in each namespace of the run; what goes elsewhere is told when it is applied', async () => {
    const objects = [object('v1', 'ConfigMap'), object('v1', 'Secret', 'c'), object('v1', 'Namespace')]
    expect(await rightsFor(objects, usual, ['a', 'b'])).toEqual([
      ...['create configmaps web in a', 'patch configmaps web in a'],
      ...['create configmaps web in b', 'patch configmaps web in b'],
    ])
  })

  it('needs rights to kinds that it defines, and none to what is nowhere', async () => {
    const shop = definition('Shop', 'Namespaced')
    expect(await rightsFor([shop, object('example.com/v1', 'Shop'), object('example.com/v1', 'Shoe')])).toEqual([
      'create shops.example.com web in a',
      'patch shops.example.com web in a',
    ])
  })
})
