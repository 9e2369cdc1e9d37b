import { describe, expect, it } from 'vitest'
import { type WorkloadChange, workloadPermissions } from '../../../src/permissions/workload.ts'
import { parseManifest } from '../../../src/workload/manifest.ts'
import { connectTo } from '../../support/connect-to.ts'
import { definition } from '../../support/kubernetes/conformance/custom-resource.ts'
import { startFakeApiServer } from '../../support/kubernetes/fake-api-server.ts'

const manifest = (...objects: object[]) =>
  parseManifest(objects.map((object) => JSON.stringify(object)).join('\n---\n'), 'the manifest')
const object = (apiVersion: string, kind: string, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name: 'web', ...(namespace && { namespace }) },
})

describe('a manifest', () => {
  const defaults: Omit<WorkloadChange, 'objects'> = { isAwaited: true, recreate: [] }

  async function permissionsFor(
    objects: readonly object[],
    options = defaults,
    namespaces = ['a'],
    which: 'required' | 'optional' = 'required',
  ): Promise<string[]> {
    await using server = await startFakeApiServer()
    const change = { objects: manifest(...objects), ...options }
    const permissions = await workloadPermissions(connectTo(server), namespaces, change)
    return permissions.flatMap(({ namespace, [which]: some }) =>
      some.map(({ group, resource, verb, name }) =>
        [verb, `${resource}${group && `.${group}`}`, name, 'in', namespace].filter(Boolean).join(' '),
      ),
    )
  }

  it('with a Pod needs create and patch, and get to wait for it', async () => {
    const pod = object('v1', 'Pod')
    expect(await permissionsFor([pod])).toEqual(['get pods web in a', 'create pods web in a', 'patch pods web in a'])
    expect(await permissionsFor([pod], { isAwaited: false, recreate: [] })).toEqual([
      'create pods web in a',
      'patch pods web in a',
    ])
    expect(await permissionsFor([pod], { isAwaited: false, recreate: ['v1 Pod'] })).toEqual([
      'get pods web in a',
      'create pods web in a',
      'patch pods web in a',
      'delete pods web in a',
    ])
  })

  it.each([
    ['v1', 'Pod', ['list pods', 'watch pods', 'list events']],
    ['batch/v1', 'Job', ['list jobs.batch', 'watch jobs.batch', 'list pods', 'watch pods', 'list events']],
    [
      'apps/v1',
      'Deployment',
      [
        ...['list deployments.apps', 'watch deployments.apps', 'list pods', 'watch pods'],
        ...['list replicasets.apps', 'watch replicasets.apps', 'list events'],
      ],
    ],
    ['v1', 'ConfigMap', []],
  ])('with an object of %s %s can do without what shows why it is not ready', async (apiVersion, kind, observed) => {
    const optional = async (options = defaults) => {
      const permissions = await permissionsFor([object(apiVersion, kind)], options, ['a'], 'optional')
      return [...new Set(permissions)].filter((one) => !one.startsWith('get '))
    }
    expect(await optional()).toEqual(observed.map((one) => `${one} in a`))
    expect(await optional({ isAwaited: false, recreate: [] })).toEqual([])
  })

  it('needs delete on the kinds that are recreated', async () => {
    const objects = [object('v1', 'Pod'), object('batch/v1', 'Job'), object('apps/v1', 'Deployment')]
    const permissions = await permissionsFor(objects, { isAwaited: false, recreate: ['batch Job'] })
    expect(permissions.filter((one) => /^(?:get|delete) /.test(one))).toEqual([
      'get jobs.batch web in a',
      'delete jobs.batch web in a',
    ])
  })

  it('needs permissions in each namespace of the run; others are not checked before the apply', async () => {
    const objects = [object('v1', 'ConfigMap'), object('v1', 'Secret', 'c'), object('v1', 'Namespace')]
    expect(await permissionsFor(objects, defaults, ['a', 'b'])).toEqual([
      ...['create configmaps web in a', 'patch configmaps web in a'],
      ...['create configmaps web in b', 'patch configmaps web in b'],
    ])
  })

  it('needs permissions for kinds that it defines, and none for kinds that do not exist', async () => {
    const shop = definition('Shop', 'Namespaced')
    expect(await permissionsFor([shop, object('example.com/v1', 'Shop'), object('example.com/v1', 'Shoe')])).toEqual([
      'create shops.example.com web in a',
      'patch shops.example.com web in a',
    ])
  })
})
