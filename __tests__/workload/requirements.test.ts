import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../src/workload/manifest.ts'
import { requirements } from '../../src/workload/requirements.ts'
import { connectTo } from '../cluster/connect-to.ts'
import { definition } from '../servers/kubernetes/conformance/custom-resource.ts'
import { startStandIn } from '../servers/kubernetes/stand-in.ts'

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
    return rights.map(({ group, resource, verb, namespace = '*', isOptional }) => {
      const what = `${verb} ${resource}${group && `.${group}`} in ${namespace}`
      return isOptional ? `(${what})` : what
    })
  }

  it('of a Pod needs to create, patch and get it, and better sees more', async () => {
    expect(await rightsFor([object('v1', 'Pod')])).toEqual([
      'create pods in a',
      'patch pods in a',
      'get pods in a',
      '(list pods in a)',
      '(watch pods in a)',
      '(list replicasets.apps in a)',
      '(watch replicasets.apps in a)',
      '(list events in a)',
    ])
  })

  it('needs less when nobody waits, and more to recreate Pods', async () => {
    const pod = object('v1', 'Pod')
    expect(await rightsFor([pod], { isAwaited: false, recreatePods: false })).toEqual([
      'create pods in a',
      'patch pods in a',
    ])
    expect(await rightsFor([pod], { isAwaited: false, recreatePods: true })).toEqual([
      'create pods in a',
      'patch pods in a',
      'get pods in a',
      'delete pods in a',
    ])
  })

  it('needs rights where it goes: in each namespace, in its own, in the whole cluster', async () => {
    const objects = [object('v1', 'ConfigMap'), object('v1', 'Secret', 'c'), object('v1', 'Namespace')]
    expect(await rightsFor(objects, usual, ['a', 'b'])).toEqual([
      ...['create configmaps in a', 'patch configmaps in a', 'create configmaps in b', 'patch configmaps in b'],
      ...['create secrets in c', 'patch secrets in c', 'create namespaces in *', 'patch namespaces in *'],
    ])
  })

  it('needs rights to kinds that it defines, and none to what is nowhere', async () => {
    const shop = definition('Shop', 'Cluster')
    expect(await rightsFor([shop, object('example.com/v1', 'Shop'), object('example.com/v1', 'Shoe')])).toEqual([
      'create customresourcedefinitions.apiextensions.k8s.io in *',
      'patch customresourcedefinitions.apiextensions.k8s.io in *',
      'create shops.example.com in *',
      'patch shops.example.com in *',
    ])
  })
})
